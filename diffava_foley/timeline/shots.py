"""What this room hands on: the shots of a plan, and what was passed over and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from pathlib import Path

from diffava_foley.media.sources import Source, StillSource
from diffava_foley.timeline.retime import Retime


@dataclass(frozen=True)
class Shot:
    """A stretch of picture on the timeline with its caption."""

    id: str
    """What tells it from the other shots of the plan: V1.3 is the third item of the first track."""
    caption: str
    clip: str
    track: str
    start: Fraction
    """Seconds from the start of the timeline, which is not its start timecode."""
    duration: Fraction
    """Seconds."""
    rate: Fraction
    """The timeline's frames a second."""
    source: Source | None
    """The picture; None if it is not here, and ``problem`` says why."""
    retime: Retime | None
    """Which media frame is on screen when; None without a picture."""
    marker: str
    """Where the caption was found, such as ``clip marker, Resolve note``."""
    problem: str | None = None
    """Why it cannot be rendered."""

    def media_moments(self, moments: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """The moments of the media that are on screen at moments of the shot, all in seconds."""
        return tuple(self.retime.media_moment(m) if self.retime else m for m in moments)

    def handles(self, frames: int) -> tuple[Fraction, Fraction]:
        """The seconds by which the shot can be longer before and after, up to so many frames."""
        if isinstance(self.source, StillSource):
            return frames / self.rate, frames / self.rate
        room = self.retime.room(self.duration) if self.retime else (Fraction(0), Fraction(0))
        head, tail = (min(frames, floor(seconds * self.rate)) / self.rate for seconds in room)
        return head, tail

    def extended(self, head: Fraction, tail: Fraction) -> "Shot":
        """The same shot with seconds added before and after."""
        if not head and not tail:
            return self
        return replace(
            self,
            start=self.start - head,
            duration=head + self.duration + tail,
            retime=self.retime.extended(head, tail) if self.retime else None,
        )


@dataclass(frozen=True)
class Skipped:
    """A clip, or a marker with nothing under it, that nothing is made for."""

    clip: str
    track: str
    start: Fraction
    duration: Fraction
    reason: str


@dataclass(frozen=True)
class Plan:
    """What is to be made for a timeline."""

    path: Path
    name: str
    rate: Fraction
    """Frames a second."""
    timecode: Fraction
    """What the clock of the timeline shows at its start, in true seconds since midnight."""
    duration: Fraction
    """Seconds."""
    shots: tuple[Shot, ...]
    """In the order of the timeline."""
    skipped: tuple[Skipped, ...]
    """In the order of the timeline."""


@dataclass(frozen=True)
class ReadOptions:
    """Which markers count, and where media is."""

    media_root: Path | None = None
    """A folder in which media is looked for by name, before the place that the timeline says."""
    marker_prefix: str | None = None
    """Only texts that begin like this are captions; the rest of the text is the caption."""
    marker_colours: frozenset[str] = frozenset()
    """Only markers of these colours count; all if empty."""
    only: str | None = None
    """Only shots whose clip or caption contains this, or matches it as a pattern with ``*``."""
    fps: Fraction | None = None
    """Frames a second of an EDL, which does not say; as its frame numbers allow if None."""
    unpack_to: Path | None = None
    """Where the media in an .otioz is unpacked; the user's cache if None."""
