"""Where a marker stands on the timeline.

A marker's time should be in the media of its clip, but some editors count from the clip's start, on
a retimed clip Resolve counts the frames it plays, and an EDL has record timecode.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, Marker, Timeline

from diffava_foley.errors import TimelineError
from diffava_foley.timeline import times
from diffava_foley.timeline.captions import Caption, caption_of
from diffava_foley.timeline.placements import Placement, Scope, View
from diffava_foley.timeline.retime import speed_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mark:
    """A caption where its marker stands."""

    caption: str
    marker: str
    start: Fraction
    end: Fraction
    is_point: bool
    """Whether it stands on one frame, and so speaks of the clip from there on."""


@dataclass(frozen=True)
class Choice:
    """Which markers count."""

    prefix: str | None = None
    colours: frozenset[str] = frozenset()

    def among(self, markers: Iterable[Marker]) -> Iterator[tuple[Marker, Caption]]:
        """The markers that count, with their captions."""
        for marker in markers:
            if caption := caption_of(marker, self.prefix, self.colours):
                yield marker, caption


def marks_on(placement: Placement, choice: Choice) -> Iterator[Mark]:
    """The captions of the markers on a clip or a gap; one whose time means nothing is all of it."""
    item = placement.item
    chosen = list(choice.among(item.markers))
    spans = _spans_on(placement, [marker for marker, _ in chosen])
    kind = type(item).__name__.lower()
    for (marker, caption), span in zip(chosen, spans, strict=True):
        start, end = span or (placement.start, placement.end)
        is_point = span is not None and _is_point(marker)
        label = f"{kind} marker, {caption.field}"
        yield Mark(caption.text, label, start, end, is_point)


def _spans_on(
    placement: Placement, markers: list[Marker]
) -> list[tuple[Fraction, Fraction] | None]:
    """When on the timeline each marker of an item is seen; None for one that is not on it."""
    try:
        spans = [_in_media(placement, marker) for marker in markers]
        if not all(_overlap(span, placement.length) for span in spans):
            from_start = [_in_item(marker) for marker in markers]
            if all(_overlap(span, placement.length) for span in from_start):
                spans = from_start
    except TimelineError:
        return [None for _ in markers]
    return [_seen(placement, span) for span in spans]


def _seen(
    placement: Placement, span: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction] | None:
    if not _overlap(span, placement.length):
        return None
    start, end = (placement.origin + max(Fraction(0), edge) for edge in span)
    part = placement.view.part(start, max(end, start + _instant(placement)))
    return (part.start, part.end) if part else None


def _overlap(span: tuple[Fraction, Fraction], length: Fraction) -> bool:
    start, end = span
    return start < length and (end > 0 or start >= 0)


def _instant(placement: Placement) -> Fraction:
    """The shortest stretch that shows: a frame of the item."""
    source_range = placement.item.source_range
    return 1 / (times.rate_of(source_range.duration) if source_range else Fraction(24))


def _in_item(marker: Marker) -> tuple[Fraction, Fraction]:
    span = marker.marked_range
    start = times.seconds(span.start_time)
    return start, start + times.seconds(span.duration)


def _in_media(placement: Placement, marker: Marker) -> tuple[Fraction, Fraction]:
    """When a marker is seen, in seconds from the item's start, if its time is in the media."""
    item, span = placement.item, marker.marked_range
    source = item.source_range or _available(item)
    if source is None:
        return _in_item(marker)
    speed = speed_of(item.effects)
    if speed != 1 and _is_from_resolve(item, marker) and (available := _available(item)):
        past = _past_in_resolve(source, available, span.start_time, speed)
    else:
        past = times.frames_between(source.start_time, span.start_time)
    start = floor(past) / times.rate_of(source.start_time)
    return start, start + times.seconds(span.duration)


def _past_in_resolve(
    source: TimeRange, available: TimeRange, marked: RationalTime, speed: Fraction
) -> Fraction:
    """Frames from the clip's start to a marker, as Resolve counts on a retimed clip.

    It numbers the frames of the media as they are played, from the media's start, or from its end
    when it is played backwards.
    """
    if speed == 0:
        raise TimelineError("a frozen frame has no position for a marker")
    rate = times.rate_of(source.start_time)
    skipped = times.frames_between(available.start_time, source.start_time) / times.rate_of(
        available.start_time
    )
    if speed < 0:
        played = times.seconds(source.duration) * -speed
        skipped = times.seconds(available.duration) - skipped - played
    marked_past = times.frames_between(available.start_time, marked) / times.rate_of(
        available.start_time
    )
    return times.tidy((marked_past - skipped / abs(speed)) * rate)


def _available(item: object) -> TimeRange | None:
    return item.media_reference.available_range if isinstance(item, Clip) else None


def _is_from_resolve(item: Clip, marker: Marker) -> bool:
    return "Resolve_OTIO" in item.metadata or "Resolve_OTIO" in marker.metadata


def _is_timed(marker: Marker) -> bool:
    try:
        _in_item(marker)
    except TimelineError as error:
        logger.warning("marker %r is left out: %s", marker.name, error)
        return False
    return True


def _is_point(marker: Marker) -> bool:
    """Whether a marker stands on one frame, or on none."""
    duration = marker.marked_range.duration
    rate = times.rate_of(marker.marked_range.start_time)
    return times.seconds(duration) * rate <= 1


def marks_in(scope: Scope, timeline: Timeline, choice: Choice) -> Iterator[Mark]:
    """The captions of the markers on a track, a nest or the timeline."""
    chosen = [(m, caption) for m, caption in choice.among(scope.item.markers) if _is_timed(m)]
    offset = _timecode_to_subtract(scope, timeline, [marker for marker, _ in chosen])
    for marker, caption in chosen:
        start, end = (edge - offset for edge in _in_item(marker))
        frame = 1 / times.rate_of(marker.marked_range.start_time)
        seen = scope.view.part(start, max(end, start + frame))
        if seen is None:  # a marker that nothing of the scope shows
            seen = View(max(start, Fraction(0)), max(end, Fraction(0)))
        label = f"{scope.name} marker, {caption.field}"
        yield Mark(caption.text, label, seen.start, seen.end, _is_point(marker))


def _timecode_to_subtract(scope: Scope, timeline: Timeline, markers: list[Marker]) -> Fraction:
    """The timeline's start timecode, if the markers count from it and not from its start."""
    if timeline.global_start_time is None:
        return Fraction(0)
    offset = times.seconds(timeline.global_start_time)
    spans = [_in_item(marker) for marker in markers]
    if all(_overlap(span, scope.length) for span in spans):
        return Fraction(0)
    moved = [(start - offset, end - offset) for start, end in spans]
    return offset if all(_overlap(span, scope.length) for span in moved) else Fraction(0)
