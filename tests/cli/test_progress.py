"""The bar tells which shot, which step and how far, and adds up to the whole."""

from fractions import Fraction
from io import StringIO
from pathlib import Path

from rich.console import Console

from diffava_foley.cli.progress import ProgressBar
from diffava_foley.events import (
    Planned,
    PlannedShot,
    ShotDone,
    ShotFailed,
    ShotStarted,
    StepDone,
    WeightsChosen,
)

SECOND = Fraction(1)


def planned(*durations: int, found: int = 0) -> Planned:
    shots = tuple(
        PlannedShot(str(n), f"caption {n}", "clip", "V1", "", SECOND, Fraction(length), found, None)
        for n, length in enumerate(durations, start=1)
    )
    return Planned(Path("a.otio"), Path("b.otio"), 1, shots, ())


def started(shot: str, duration: int, missing: int = 1) -> ShotStarted:
    return ShotStarted(shot, "clip", f"caption {shot}", SECOND, Fraction(duration), missing)


def quiet_bar(terminal: bool = True) -> ProgressBar:
    return ProgressBar(Console(file=StringIO(), force_terminal=terminal, width=100))


def text(bar: ProgressBar) -> str:
    file = bar.console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_the_bar_shows_the_shot_the_step_and_how_far_it_is() -> None:
    bar = quiet_bar()

    for event in (planned(3, 1), started("1", 3), StepDone("1", 5, 10)):
        bar(event)

    (task,) = bar.bar.tasks
    assert task.description == "[1/2] caption 1 · step 5/10"
    assert (task.completed, task.total) == (1.5, 4)


def test_a_shot_done_or_failed_is_behind_us() -> None:
    bar = quiet_bar()

    for event in (
        planned(3, 1, 2),
        started("1", 3),
        ShotDone("1", "clip", "caption 1", (), ()),
        ShotFailed("2", "clip", "caption 2", "silent"),
        started("3", 2),
    ):
        bar(event)

    (task,) = bar.bar.tasks
    assert task.description.startswith("[2/3] caption 3")
    assert (task.completed, task.total) == (4, 6)


def test_a_shot_whose_takes_are_there_takes_no_time() -> None:
    bar = quiet_bar()

    for event in (planned(3, found=1), ShotDone("1", "clip", "caption 1", (), ())):
        bar(event)

    assert bar.total == 0


def test_where_nobody_watches_each_shot_is_a_line() -> None:
    bar = quiet_bar(terminal=False)

    with bar:
        for event in (
            planned(1),
            WeightsChosen("tiny", None, "Tiny weights", "CC0-1.0", ""),
            started("1", 1),
            ShotDone("1", "clip", "caption 1", (), ("the picture [0] was not used",)),
        ):
            bar(event)

    assert text(bar).splitlines() == [
        "Weights: Tiny weights · licence: CC0-1.0",
        "[1/1] caption 1",
        "Warning: caption 1: the picture [0] was not used",
    ]
