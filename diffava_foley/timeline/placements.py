"""Every clip where it appears on the timeline, through nests, trims and retimes.

OpenTimelineIO's own ``range_in_parent`` and ``flatten_stack`` ignore speed changes. Positions are
worked out here instead, in exact seconds from the start of the timeline.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

from opentimelineio.core import Composable, Composition, Item
from opentimelineio.opentime import RationalTime
from opentimelineio.schema import Clip, Stack, Timeline, Track, Transition

from diffava_foley.errors import TimelineError
from diffava_foley.timeline import times
from diffava_foley.timeline.retime import Warp, inside, speed_of

DEFAULT_RATE = Fraction(24)
ZERO = Fraction(0)

Length = Callable[[Clip], Fraction]
"""The length in seconds of a clip that the timeline gives none."""


@dataclass(frozen=True)
class View:
    """A stretch of the timeline, and what of the nests it looks into."""

    start: Fraction
    end: Fraction
    nests: tuple[Warp, ...] = ()
    """What it looks into, from the outside in."""

    def part(self, start: Fraction, end: Fraction) -> "View | None":
        """The part of it that shows a stretch of the innermost nest, if any does."""
        from_, to = self._shown(start, end)
        return replace(self, start=from_, end=to) if from_ < to else None

    def into(self, nest: Warp) -> "View":
        """The same stretch, looking one nest further in."""
        return replace(self, nests=(*self.nests, nest))

    def _shown(self, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
        shift = ZERO
        for nest in self.nests:
            if nest.speed != 1:
                return self._shown_in_steps(nest.origin - shift, nest.rate, start, end)
            shift += nest.start - nest.origin
        return max(self.start, start - shift), min(self.end, end - shift)

    def _shown_in_steps(
        self, origin: Fraction, rate: Fraction, start: Fraction, end: Fraction
    ) -> tuple[Fraction, Fraction]:
        """The same where a retimed nest goes in whole frames, forward, back or not at all."""
        steps = range(floor((self.start - origin) * rate), ceil((self.end - origin) * rate))
        direction = -1 if sum(nest.speed < 0 for nest in self.nests) % 2 else 1

        def shown(step: int) -> Fraction:
            moment = max(self.start, origin + step / rate)
            return direction * inside(self.nests, moment)

        if direction > 0:
            first, last = (bisect_left(steps, edge, key=shown) for edge in (start, end))
        else:
            first, last = (bisect_right(steps, -edge, key=shown) for edge in (end, start))
        if first == last:
            return self.end, self.end
        edges = (origin + (steps.start + step) / rate for step in (first, last))
        from_, to = edges
        return max(self.start, from_), min(self.end, to)


EMPTY_NEST = "the nest is empty in this file; export it by itself, or take OTIO"
"""Adapters may lose what is in a nested sequence."""


@dataclass(frozen=True)
class Placement:
    """A clip or a gap where it appears on the timeline."""

    item: Item
    id: str
    track: str
    view: View
    """Where it is seen, looking into the nests around it."""
    origin: Fraction
    """When it begins in the innermost nest."""
    length: Fraction
    obstacle: str | None = None
    """Why nothing can be made of it."""

    @property
    def start(self) -> Fraction:
        """When it appears, in seconds from the start of the timeline."""
        return self.view.start

    @property
    def end(self) -> Fraction:
        """When it is gone."""
        return self.view.end


@dataclass(frozen=True)
class Scope:
    """A track or stack with markers, and which placements lie in it."""

    item: Composition
    view: View
    """Where it is seen, looking into it."""
    length: Fraction
    name: str
    first: int
    last: int
    """Its placements are those from ``first`` up to ``last``, the lowest layer first."""


@dataclass
class Layout:
    """All that appears in a timeline's video tracks, the lowest layer first."""

    length: Length
    placements: list[Placement] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)

    def add(self, item: Composable, at: "Place") -> None:
        """Add an item and all that is in it."""
        if not isinstance(item, Item) or (isinstance(item, Track) and item.kind != "Video"):
            return
        length = at.length if at.length is not None else self.length_of(item)
        seen = at.view.part(at.origin, at.origin + length)
        obstacle = at.obstacle or _obstacle(item)
        if not isinstance(item, Composition):
            seen = seen or replace(at.view, end=at.view.start)
            self.placements.append(
                Placement(item, at.id, at.track, seen, at.origin, length, obstacle)
            )
        elif seen:
            self._add_nest(item, replace(at, view=seen, obstacle=obstacle), length)

    def _add_nest(self, item: Composition, at: "Place", length: Fraction) -> None:
        nest, obstacle = self._nest(item, at.origin, length)
        view = at.view.into(nest)
        first = len(self.placements)
        if isinstance(item, Stack) and not len(item) and at.id:
            empty = at.obstacle or EMPTY_NEST
            self.placements.append(
                Placement(item, at.id, at.track, at.view, at.origin, length, empty)
            )
        for place in self._places(item, replace(at, view=view, obstacle=at.obstacle or obstacle)):
            self.add(*place)
        if item.markers:
            name = "timeline" if at.id == "" else type(item).__name__.lower()
            self.scopes.append(Scope(item, view, length, name, first, len(self.placements)))

    def _places(self, item: Composition, at: "Place") -> Iterator[tuple[Composable, "Place"]]:
        """The children of a nest, each with the place it begins at."""
        origin, number, video = ZERO, 0, 0
        for child in item:
            if isinstance(child, Transition):  # lies over the cut, and moves nothing
                continue
            number += 1
            length, obstacle = self._length_or_obstacle(child)
            at_child = replace(at, origin=origin, length=length, obstacle=at.obstacle or obstacle)
            if isinstance(item, Stack) and at.id == "" and isinstance(child, Track):
                video += child.kind == "Video"
                at_child = replace(at_child, id=f"V{video}", track=child.name or f"Video {video}")
            else:
                at_child = replace(at_child, id=f"{at.id}.{number}" if at.id else f"{number}")
            yield child, at_child
            if isinstance(item, Track):
                origin += length

    def _nest(
        self, item: Composition, origin: Fraction, length: Fraction
    ) -> tuple[Warp, str | None]:
        """How a nest runs, and why nothing can be made of what is in it."""
        start, rate, speed, obstacle = ZERO, DEFAULT_RATE, Fraction(1), None
        try:
            start = times.seconds(item.source_range.start_time) if item.source_range else ZERO
            rate = nominal_rate(item) or DEFAULT_RATE
            speed = speed_of(item.effects)
        except TimelineError as error:
            obstacle = str(error)
        content = self._content(item)
        ahead = length * max(abs(speed), Fraction(1))
        if start >= content or start + ahead <= 0:
            # A trim that leaves nothing is no trim: EDLs leave their record timecode here.
            start = ZERO
        frames = max(1, ceil(length * rate))
        return Warp(origin, start, rate, frames, speed), obstacle

    def length_of(self, item: Composable) -> Fraction:
        """How long an item is on the track it lies on."""
        if not isinstance(item, Item):
            return ZERO
        if item.source_range is not None:
            return max(ZERO, times.seconds(item.source_range.duration))
        if isinstance(item, Composition):
            return self._content(item)
        available = item.media_reference.available_range if isinstance(item, Clip) else None
        if available is not None:
            return max(ZERO, times.seconds(available.duration))
        return self.length(item) if isinstance(item, Clip) else ZERO

    def _content(self, item: Composition) -> Fraction:
        lengths = [self._length_or_obstacle(child)[0] for child in item]
        return sum(lengths, ZERO) if isinstance(item, Track) else max(lengths, default=ZERO)

    def _length_or_obstacle(self, item: Composable) -> tuple[Fraction, str | None]:
        try:
            return self.length_of(item), None
        except TimelineError as error:
            return ZERO, str(error)


@dataclass(frozen=True)
class Place:
    """Where an item is put: in which view, from when, and what its number is."""

    view: View
    origin: Fraction = ZERO
    length: Fraction | None = None
    id: str = ""
    track: str = ""
    obstacle: str | None = None


def lay_out(timeline: Timeline, length: Length) -> Layout:
    """All that appears in the video tracks of a timeline."""
    layout = Layout(length)
    duration = layout.length_of(timeline.tracks)
    layout.add(timeline.tracks, Place(View(ZERO, duration), length=duration))
    return layout


def nominal_rate(item: Composable) -> Fraction | None:
    """The frame rate of an item: its own, or that of the first thing in it that has one."""
    rated = rated_time(item)
    return times.rate_of(rated) if rated is not None else None


def rated_time(item: Composable) -> RationalTime | None:
    """A time at the frame rate of an item."""
    if not isinstance(item, Item):
        return None
    if item.source_range is not None and item.source_range.duration.rate > 0:
        return item.source_range.duration
    if isinstance(item, Clip):
        available = item.media_reference.available_range
        rated = available is not None and available.duration.rate > 0
        return available.duration if rated else None
    children = item if isinstance(item, Composition) else ()
    return next((time for child in children if (time := rated_time(child)) is not None), None)


def _obstacle(item: Item) -> str | None:
    if item.enabled:
        return None
    kind = type(item).__name__.lower()
    return f"the {kind} is disabled" if isinstance(item, Clip) else f"its {kind} is disabled"
