"""What happens while foley is made, told as it happens.

The makers call a listener with one of these frozen records; the progress bar, the ``--json`` lines
and a script's own listener read nothing else. Times are seconds on the timeline, or for a single
clip from its first frame. The fields are described for plugin writers in docs/events.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class PlannedShot:
    """A stretch of picture that asks for foley."""

    id: str
    caption: str
    clip: str
    track: str
    marker: str
    """where the caption was found"""
    start: Fraction
    duration: Fraction
    found: int | None
    """how many of its takes are there from an earlier run; None when that is not known yet"""
    problem: str | None
    """why it cannot be made, if it cannot"""


@dataclass(frozen=True)
class PassedOver:
    """A stretch of picture that stays silent."""

    clip: str
    track: str
    start: Fraction
    duration: Fraction
    reason: str


@dataclass(frozen=True)
class Planned:
    """The timeline was read; nothing was made yet."""

    timeline: Path
    output: Path
    takes: int
    """how many takes each shot gets"""
    shots: tuple[PlannedShot, ...]
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True)
class WeightsChosen:
    """Which weights make the sounds, and under which licence; told before their first use."""

    id: str
    revision: str | None
    title: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class Downloading:
    """A part of the weights is on its way."""

    done_bytes: int
    total_bytes: int | None


@dataclass(frozen=True)
class ShotStarted:
    """A shot's missing takes are being made."""

    id: str
    clip: str
    caption: str
    start: Fraction
    duration: Fraction
    missing: int
    """how many takes are to be made"""


@dataclass(frozen=True)
class StepDone:
    """One denoising step of the shot's missing takes is done."""

    id: str
    step: int
    steps: int


@dataclass(frozen=True)
class DoneTake:
    """A sound file, ready to be placed."""

    path: Path
    seed: int
    score: float | None
    """how well the sound fits the caption, from -1 to 1; None where the weights cannot judge"""
    reused: bool
    """whether the model had made it in an earlier run"""


@dataclass(frozen=True)
class ShotDone:
    """A shot has its takes, best first."""

    id: str
    clip: str
    caption: str
    takes: tuple[DoneTake, ...]
    warnings: tuple[str, ...]
    head: Fraction = Fraction(0)
    """how much of each sound comes before the shot, to be trimmed into"""
    tail: Fraction = Fraction(0)
    """how much of each sound comes after the shot"""


@dataclass(frozen=True)
class ShotFailed:
    """A shot has no take; the others go on."""

    id: str
    clip: str
    caption: str
    reason: str


@dataclass(frozen=True)
class Finished:
    """The end: what was made, what was found again, what is missing."""

    output: Path | None
    """the new timeline, or the best take of a single clip; None when nothing could be made"""
    made: int
    """takes made now"""
    reused: int
    """takes found from an earlier run"""
    failed: tuple[ShotFailed, ...]
    passed_over: tuple[PassedOver, ...]
    stem: Path | None = None
    """one sound of the whole track, if it was asked for"""


Event: TypeAlias = (
    Planned
    | WeightsChosen
    | Downloading
    | ShotStarted
    | StepDone
    | ShotDone
    | ShotFailed
    | Finished
)
Listener: TypeAlias = Callable[[Event], None]


def ignore(_: Event) -> None:
    """Listens to nothing."""
