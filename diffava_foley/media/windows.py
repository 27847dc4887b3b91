"""Exact time: windows, frames and samples, all from ``Fraction`` seconds."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from diffava_foley.errors import MediaError

WINDOW_SECONDS = Fraction(1)
FRAMES_PER_WINDOW = 8

NTSC = Fraction(1000, 1001)
# 23.98 stands for 24000/1001 on every screen; 24.000002 is what floats make of 24.
NTSC_TOLERANCE = Fraction(1, 5000)
INTEGER_TOLERANCE = Fraction(1, 50000)
LARGEST_DENOMINATOR = 100_000


@dataclass(frozen=True)
class Window:
    """One second of a shot, or what is left of it; all in seconds from the shot's start."""

    index: int
    start: Fraction
    end: Fraction
    moments: tuple[Fraction, ...]


def cut_windows(duration: Fraction, frames: int = FRAMES_PER_WINDOW) -> tuple[Window, ...]:
    """The windows that cover a shot, each with the moments at which to look at it.

    Every window is a second long but the last, which may be shorter. The moments are the centres
    of ``frames`` equal parts, so that none falls on the edge between two frames of the usual rates.
    A shot without length has no windows.
    """
    if frames < 1:
        raise MediaError(f"a window needs at least one frame, not {frames}")
    return tuple(
        _window(index, min((index + 1) * WINDOW_SECONDS, duration), frames)
        for index in range(max(0, ceil(duration / WINDOW_SECONDS)))
    )


def _window(index: int, end: Fraction, frames: int) -> Window:
    start = index * WINDOW_SECONDS
    part = (end - start) / frames
    moments = tuple(start + part * (2 * k + 1) / 2 for k in range(frames))
    return Window(index, start, end, moments)


def sample_count(duration: Fraction, sample_rate: int) -> int:
    """The number of samples that a duration takes, to the nearest, halves up."""
    return nearest(duration * sample_rate)


def nearest(value: Fraction) -> int:
    """The nearest integer, halves up."""
    return floor(value + Fraction(1, 2))


def snap_rate(rate: float | Fraction) -> Fraction:
    """The frame rate that was meant: 23.976 is 24000/1001, 25.0 is 25, 12.5 is 25/2."""
    if not 0 < rate < float("inf"):
        raise MediaError(f"a frame rate must be a number above zero, not {rate}")
    exact = Fraction(rate)
    whole = Fraction(round(exact))
    if whole and abs(exact - whole) <= whole * INTEGER_TOLERANCE:
        return whole
    nominal = round(exact / NTSC)
    if nominal and abs(exact - nominal * NTSC) <= exact * NTSC_TOLERANCE:
        return nominal * NTSC
    return exact.limit_denominator(LARGEST_DENOMINATOR)
