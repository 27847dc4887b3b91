"""Timecode in true seconds.

A timecode counts frames at a whole rate. At 24000/1001 frames a second, 01:00:00:00 is frame
86400, which comes after 3603.6 seconds. Drop-frame timecode leaves out two numbers a minute (four
at 60), but for every tenth minute, to stay near the clock.
"""

import re
from fractions import Fraction

from diffava_foley.media.windows import nearest

TIMECODE = re.compile(r"(\d\d?):(\d\d):(\d\d)([:;.,])(\d\d\d?)")
DROP_FRAME_MARKS = ";.,"
DROP_FRAME_RATES = (30, 60, 120)
DROPPED_EACH_MINUTE = Fraction(2, 30)  # of the frames in a second


def timecode_to_frames(timecode: str, rate: Fraction) -> int | None:
    """The number of frames since midnight, or None if this is no timecode at that rate."""
    match = TIMECODE.fullmatch(timecode.strip())
    if not match:
        return None
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    nominal = nearest(rate)
    if minutes > 59 or seconds > 59 or frames >= nominal:
        return None
    minutes += hours * 60
    count = (minutes * 60 + seconds) * nominal + frames
    if match[4] in DROP_FRAME_MARKS and nominal in DROP_FRAME_RATES:
        count -= nearest(nominal * DROPPED_EACH_MINUTE) * (minutes - minutes // 10)
    return count


def timecode_to_seconds(timecode: str, rate: Fraction) -> Fraction | None:
    """The true seconds since midnight, or None if this is no timecode at that rate."""
    frames = timecode_to_frames(timecode, rate)
    return None if frames is None else frames / rate
