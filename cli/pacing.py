"""How far long work is: a bar where somebody watches, a line now and then where nobody does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress

LINES_SECONDS = 30.0


class Pace:
    """What to call with (done, total, note); ``line`` says something that stays."""

    def __init__(self, title: str, bar: "Progress") -> None:
        self.title = title
        self.bar = bar
        self.task = bar.add_task(title, total=None, note="")
        self.first: tuple[float, int] | None = None
        self.told = time.monotonic()

    def __call__(self, done: int, total: int, note: str) -> None:
        """Draws the bar, or writes a line if it is time for one."""
        now = time.monotonic()
        self.first = self.first or (now, done)
        self.bar.update(self.task, completed=done, total=total, note=note)
        if self.bar.disable and now - self.told >= LINES_SECONDS:
            self.told = now
            self.line(f"{self.title} {done}/{total}, {note}, {self._left(now, done, total)}")

    def line(self, text: str) -> None:
        """Writes a line on standard error, above the bar."""
        if self.bar.disable:
            click.echo(text, err=True)
        else:
            self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _left(self, now: float, done: int, total: int) -> str:
        assert self.first is not None
        began, before = self.first
        if done <= before:
            return "time left unknown"
        return f"{clock((now - began) / (done - before) * (total - done))} left"


@contextmanager
def pacing(title: str, *, watched: bool = True) -> Iterator[Pace]:
    """A pace, whose bar is gone at the end; none is drawn where nobody watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=console,
        speed_estimate_period=600,
        transient=True,
        disable=not (watched and console.is_terminal),
    ) as bar:
        yield Pace(title, bar)


def clock(seconds: float) -> str:
    """Seconds as people read them: 3 h 05 min, 12 min, 40 s."""
    minutes, hours = round(seconds / 60), int(seconds // 3600)
    if hours:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes} min" if minutes else f"{round(seconds)} s"
