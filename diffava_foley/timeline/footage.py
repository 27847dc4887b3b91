"""Which part of its media a clip takes, in frames from the media's first.

A source range counts as the editor does: from the media's start timecode, which the reference's
available range repeats, or from zero; and where the available range is left out, only the media's
own timecode can tell.
"""

import logging
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from opentimelineio.core import MediaReference
from opentimelineio.opentime import TimeRange
from opentimelineio.schema import Clip

from diffava_foley.errors import FoleyError, MediaError, TimelineError
from diffava_foley.media.probe import VideoInfo, probe
from diffava_foley.media.sources import MovieSource, SequenceSource, Source, StillSource
from diffava_foley.timeline import times
from diffava_foley.timeline.references import Library, references_of

logger = logging.getLogger(__name__)

STILL_RATE = Fraction(24)


@dataclass(frozen=True)
class Footage:
    """The media of a clip and where in it the clip begins."""

    source: Source
    start: Fraction
    """The earliest frame shown, counted from the media's first."""
    rate: Fraction
    """The media's frames a second."""
    last: int | None
    """The media's last frame; None if its length is unknown."""


def footage_of(clip: Clip, library: Library) -> Footage:
    """The media of a clip, by its active reference or else by another; raises if it is missing."""
    problems: list[FoleyError] = []
    for reference in references_of(clip):
        try:
            return _footage(clip, reference, library.find(clip, reference))
        except FoleyError as error:
            problems.append(error)
    raise problems[0]


def media_length(clip: Clip, library: Library) -> Fraction:
    """The length in seconds of the media of a clip whose length the timeline leaves out."""
    try:
        duration = probe_once(library.find(clip, clip.media_reference)).duration
    except MediaError as error:
        raise TimelineError(f"its length is not in the timeline, and: {error}") from error
    if duration is None:
        raise TimelineError("it has no length, and neither has its media")
    return duration


@lru_cache(maxsize=64)
def probe_once(source: Source) -> VideoInfo:
    """What a source is; the clips of a timeline share their media."""
    return probe(source)


def _footage(clip: Clip, reference: MediaReference, source: Source) -> Footage:
    if isinstance(source, StillSource):
        return Footage(source, Fraction(0), STILL_RATE, 0)
    available = reference.available_range
    if available is None or times.seconds(available.duration) <= 0:
        return _undescribed(clip.source_range, source)
    rate = times.rate_of(available.duration)
    count = times.tidy(times.seconds(available.duration) * rate)
    start = _start(clip.source_range or available, available, source, rate, count)
    return Footage(source, start, rate, max(0, ceil(count) - 1))


def _start(
    taken: TimeRange, available: TimeRange, source: Source, rate: Fraction, count: Fraction
) -> Fraction:
    start = times.frames_between(available.start_time, taken.start_time)
    if start < count and start + times.seconds(taken.duration) * rate > 0:
        return start
    # Wholly outside the media: older Hieros count from zero although the media has a timecode.
    from_zero = times.tidy(times.seconds(taken.start_time) * rate)
    if 0 <= from_zero < count:
        return from_zero
    timecode = probe_once(source).timecode_seconds if isinstance(source, MovieSource) else None
    if timecode is not None and 0 <= (start := from_zero - timecode * rate) < count:
        return times.tidy(start)
    logger.warning("%s: a clip takes frames that it does not have; an end is held", source)
    return start


def _undescribed(taken: TimeRange | None, source: SequenceSource | MovieSource) -> Footage:
    """The footage of a clip whose available range the timeline leaves out."""
    if isinstance(source, SequenceSource):
        first = taken and times.tidy(times.seconds(taken.start_time) * source.rate)
        start = Fraction(first or 0)
        counted_from_number = start >= source.first > 0
        start -= source.first if counted_from_number else 0
        return Footage(source, start, source.rate, source.count * source.step - 1)
    info = probe_once(source)
    rate = info.frame_rate or (times.rate_of(taken.duration) if taken else STILL_RATE)
    moment = times.seconds(taken.start_time) if taken else Fraction(0)
    if info.timecode_seconds is not None and moment >= info.timecode_seconds:
        moment -= info.timecode_seconds
    last = info.frame_count
    if last is None and info.duration is not None:
        last = floor(info.duration * rate)
    return Footage(source, times.tidy(moment * rate), rate, max(0, last - 1) if last else None)
