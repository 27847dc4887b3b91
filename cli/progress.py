"""Live progress on standard error: which shot, which step, how much time is left."""

from fractions import Fraction
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from diffava_foley.events import (
    Downloading,
    Event,
    Planned,
    ShotDone,
    ShotFailed,
    ShotStarted,
    StepDone,
    WeightsChosen,
)


class ProgressBar:
    """A listener that draws one bar; where nobody watches live, one line a shot.

    The bar counts seconds of sound, since a long shot takes longer: its takes times its duration.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            speed_estimate_period=600,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("Reading", total=None, start=False)
        self.total = self.done = self.now = Fraction(0)
        self.waiting: dict[str, Fraction] = {}
        self.number, self.count, self.title = 0, 0, ""

    def __enter__(self) -> "ProgressBar":
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.stop()

    def __call__(self, event: Event) -> None:
        """Draws what has happened."""
        match event:
            case Planned():
                self._plan(event)
            case WeightsChosen():
                self._line(f"Weights: {event.title or event.id} · licence: {event.licence}")
            case Downloading():
                self._download(event)
            case ShotStarted():
                self._start(event)
            case StepDone():
                self._step(event)
            case ShotDone():
                self._end(event.id)
                for warning in event.warnings:
                    self._line(f"Warning: {event.caption}: {warning}")
            case ShotFailed():
                self._end(event.id)

    def _plan(self, event: Planned) -> None:
        self.waiting = {
            shot.id: shot.duration * (event.takes - (shot.found or 0))
            for shot in event.shots
            if shot.problem is None
        }
        self.count = sum(amount > 0 for amount in self.waiting.values())
        self.total = sum(self.waiting.values(), Fraction(0))

    def _download(self, event: Downloading) -> None:
        self.bar.update(
            self.task,
            description="Downloading the weights",
            completed=event.done_bytes,
            total=event.total_bytes,
        )

    def _start(self, event: ShotStarted) -> None:
        amount = event.duration * event.missing
        self.total += amount - self.waiting.get(event.id, Fraction(0))
        self.waiting[event.id] = self.now = amount
        self.number += 1
        self.title = f"[{self.number}/{max(self.number, self.count)}] {event.caption:.40}"
        self.bar.start_task(self.task)
        self._draw("loading the model" if self.number == 1 else "looking", Fraction(0))
        if not self.console.is_terminal:
            self._line(self.title)

    def _step(self, event: StepDone) -> None:
        self._draw(f"step {event.step}/{event.steps}", self.now * event.step / event.steps)

    def _end(self, shot: str) -> None:
        self.done += self.waiting.pop(shot, Fraction(0))
        self.now = Fraction(0)

    def _draw(self, doing: str, part: Fraction) -> None:
        self.bar.update(
            self.task,
            description=f"{self.title} · {doing}",
            completed=float(self.done + part),
            total=float(self.total),
        )

    def _line(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
