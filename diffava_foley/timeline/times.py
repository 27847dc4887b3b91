"""OpenTimelineIO's times in exact seconds and frames.

A ``RationalTime`` is a pair of floats: 86424.08877306872 at 23.976024627685547 is what Hiero writes
for frame 86424 at 24000/1001. Rates are snapped to what was meant, and a value within a thousandth
of a whole frame is that frame.
"""

from fractions import Fraction
from math import isfinite

from opentimelineio.opentime import RationalTime, TimeRange

from diffava_foley.errors import TimelineError
from diffava_foley.media.windows import snap_rate

FRAME_TOLERANCE = Fraction(1, 1000)

# Speeds are written as 0.99 or 0.999000999: the fraction meant has a small denominator.
LARGEST_SPEED_DENOMINATOR = 20_000
SPEED_TOLERANCE = Fraction(1, 10**11)


def seconds(time: RationalTime) -> Fraction:
    """A time in exact seconds."""
    return frames(time) / rate_of(time)


def frames(time: RationalTime) -> Fraction:
    """A time in frames of its own rate, whole wherever a whole number was meant."""
    if not isfinite(time.value):
        raise TimelineError(f"a time of {time.value} frames means nothing; check the timeline")
    return tidy(Fraction(time.value))


def rate_of(time: RationalTime) -> Fraction:
    """The frame rate that was meant."""
    if not isfinite(time.rate) or time.rate <= 0:
        raise TimelineError(f"a rate of {time.rate} frames a second means nothing")
    return snap_rate(time.rate)


def tidy(count: Fraction) -> Fraction:
    """A number of frames, made whole if it is off by less than a thousandth of a frame."""
    whole = round(count)
    return Fraction(whole) if abs(count - whole) < FRAME_TOLERANCE else count


def end_of(span: TimeRange) -> Fraction:
    """The end of a range in exact seconds."""
    return seconds(span.start_time) + seconds(span.duration)


def frames_between(earlier: RationalTime, later: RationalTime) -> Fraction:
    """How many frames, at the rate of the earlier time, the later one is past it.

    Across two rates the difference is taken in seconds of the rates as written, not as meant: Hiero
    scales frame numbers by 23.976024627685547 / 23.976, and only its own rate undoes that.
    """
    here, there = frames(earlier), frames(later)
    whole = here.denominator == there.denominator == 1
    if earlier.rate == later.rate or (whole and rate_of(earlier) == rate_of(later)):
        return tidy(there - here)
    rate_of(earlier), rate_of(later)  # refuses what cannot be divided by
    as_written = Fraction(earlier.rate)
    exactly_there = Fraction(later.value) / Fraction(later.rate) * as_written
    return tidy(exactly_there - Fraction(earlier.value))


def speed(scalar: float) -> Fraction:
    """The speed that was meant by a float."""
    if not isfinite(scalar):
        raise TimelineError(f"a speed of {scalar} means nothing")
    exact = Fraction(scalar)
    simple = exact.limit_denominator(LARGEST_SPEED_DENOMINATOR)
    return simple if abs(simple - exact) < SPEED_TOLERANCE else exact
