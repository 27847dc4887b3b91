"""Frame rates and frames, exactly: no rate of Resolve's is a float here."""

from fractions import Fraction
from math import ceil, floor

NTSC_BASES = (24, 30, 48, 60, 120)
WRITTEN_TO = Fraction(1, 200)
"""How far 29.97 may be from 30000/1001 and still mean it."""


def rate_of(text):
    """The frame rate that Resolve means by 24, 24.0, "23.976" or "29.97 DF"."""
    try:
        written = Fraction(str(text).split()[0])
    except (IndexError, ValueError):
        return None
    for base in NTSC_BASES:
        ntsc = Fraction(base * 1000, 1001)
        if abs(written - ntsc) <= WRITTEN_TO:
            return ntsc
    return written if written > 0 else None


def whole(number):
    """A frame number as an integer; None for what a dead object answers."""
    return None if number is None else int(round(number))


def source_length(frames, rate, source_rate):
    """How many frames of a source fill so many frames of the timeline, and never more.

    Resolve places ``floor(length * rate / source_rate)`` frames of the timeline.
    """
    length = ceil(frames * source_rate / rate)
    return length if floor(length * rate / source_rate) <= frames else length - 1


def clock(frames, rate):
    """A place on the timeline for a reader: minutes, seconds and frames from its start."""
    seconds = int(frames / rate)
    rest = frames - ceil(seconds * rate)
    return "{:02d}:{:02d}:{:02d}".format(seconds // 60, seconds % 60, max(0, rest))
