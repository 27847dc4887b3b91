"""Which media frame an editor shows at a moment of a clip.

An editor shows whole frames: frame ``k`` of a clip shows media frame ``floor(start + k * speed)``
and holds the last one when the media ends. Played backwards, ``start`` is the earliest frame shown.
This reproduces a render of Avid's on OpenTimelineIO's time-warp suite frame by frame.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from opentimelineio.schema import Effect, LinearTimeWarp, TimeEffect

from diffava_foley.errors import TimelineError
from diffava_foley.timeline.times import speed

HALF = Fraction(1, 2)
HELD = 10**6
"""Frames for which a frozen one can be held on: all that anybody asks for."""


@dataclass(frozen=True)
class Warp:
    """How a nest of clips runs: a moment around it to a moment inside it, in seconds."""

    origin: Fraction
    """When the nest begins, around it."""
    start: Fraction
    """The moment inside that it begins with."""
    rate: Fraction
    """Frames a second."""
    frames: int
    """Its length."""
    speed: Fraction
    """How many frames inside pass with every frame outside; below zero is backwards."""

    def inside(self, moment: Fraction) -> Fraction:
        """The moment inside the nest at a moment around it."""
        since = moment - self.origin
        if self.speed == 1:
            return self.start + since
        step = played_frame(since * self.rate, self.frames, self.speed)
        return floor(self.start * self.rate + step) / self.rate


@dataclass(frozen=True)
class Retime:
    """Which moment of the media a shot shows at each of its own, frame by frame."""

    begin: Fraction
    """The shot's start, in seconds from the start of the timeline."""
    nests: tuple[Warp, ...]
    """What the clip lies in, from the outside in."""
    origin: Fraction
    """When the clip begins, in seconds of the innermost nest."""
    rate: Fraction
    """The clip's frames a second."""
    frames: int
    """The clip's length."""
    start: Fraction
    """The earliest media frame shown, counted from the media's first."""
    media_rate: Fraction
    """The media's frames a second."""
    speed: Fraction = Fraction(1)
    """1 plays, -1 plays backwards, 0 holds a frame."""
    last: int | None = None
    """The media's last frame, held after its end; None if its length is unknown."""

    def media_moment(self, moment: Fraction) -> Fraction:
        """The middle of the media frame on screen then, in seconds from the media's start."""
        return (self.media_frame(moment) + HALF) / self.media_rate

    def media_frame(self, moment: Fraction) -> int:
        """The media frame on screen at a moment of the shot, counted from the media's first."""
        since = inside(self.nests, self.begin + moment) - self.origin
        step = played_frame(since * self.rate, self.frames, self.speed)
        frame = max(0, floor(self.start + step * self.media_rate / self.rate))
        return frame if self.last is None else min(self.last, frame)

    def room(self, duration: Fraction) -> tuple[Fraction, Fraction]:
        """Seconds of picture there are before and after a shot of this length, outside its cut.

        None around a nest that is retimed, nor past the end of media whose length is unknown.
        """
        if any(nest.speed != 1 for nest in self.nests):
            return Fraction(0), Fraction(0)
        before, after = self._frames_outside()
        since = inside(self.nests, self.begin) - self.origin
        head = since + before / self.rate
        tail = (self.frames + after) / self.rate - since - duration
        return max(head, Fraction(0)), max(tail, Fraction(0))

    def extended(self, head: Fraction, tail: Fraction) -> "Retime":
        """The same cut with seconds added before and after, where ``room`` says there are some."""
        earlier, later = (ceil(max(seconds, Fraction(0)) * self.rate) for seconds in (head, tail))
        step = self._step()
        return replace(
            self,
            begin=self.begin - head,
            origin=self.origin - earlier / self.rate,
            frames=self.frames + earlier + later,
            start=self.start - (earlier if self.speed >= 0 else later) * step,
        )

    def _step(self) -> Fraction:
        """Media frames that pass with a frame of the clip, whichever way it runs."""
        return abs(self.speed) * self.media_rate / self.rate

    def _frames_outside(self) -> tuple[int, int]:
        """How many frames of the clip the media has left before and after it."""
        step = self._step()
        if not step:
            return HELD, HELD
        earlier = max(0, floor(self.start / step))
        later = 0
        if self.last is not None:
            later = max(0, ceil((self.last + 1 - self.start) / step) - self.frames)
        return (earlier, later) if self.speed > 0 else (later, earlier)


def played_frame(position: Fraction, frames: int, speed: Fraction) -> Fraction:
    """How far past the earliest source frame an item is that has played ``position`` frames."""
    frame = min(max(floor(position), 0), frames - 1)
    return frame * speed if speed >= 0 else (frames - 1 - frame) * -speed


def inside(nests: Sequence[Warp], moment: Fraction) -> Fraction:
    """The moment in the innermost nest at a moment of the timeline."""
    for nest in nests:
        moment = nest.inside(moment)
    return moment


def speed_of(effects: Iterable[Effect]) -> Fraction:
    """The speed that an item's effects give it together."""
    total = Fraction(1)
    for effect in effects:
        if isinstance(effect, LinearTimeWarp):  # FreezeFrame is one, of speed 0
            total *= speed(effect.time_scalar)
        elif isinstance(effect, TimeEffect):
            name = effect.effect_name or effect.name or "unnamed"
            raise TimelineError(
                f"its time effect {name!r} does not say which frames it shows; "
                "render the clip in the editor, or give it a constant speed"
            )
    return total
