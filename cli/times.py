"""Times as people type them: ``12.5``, ``1:02.5`` or ``01:00:02.5``, read exactly."""

import re
from fractions import Fraction

import click

from diffava_foley.rendering import Handles

TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d*)?|\.\d+)")
LENGTH = re.compile(r"(?P<amount>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>s|sec|f|fr|frames)?", re.I)


def time(text: str) -> Fraction:
    """The seconds that a text means; anything else is bad usage."""
    match = TIME.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"{text!r} is not a time; write 12.5, 1:02.5 or 01:00:02.5")
    hours, minutes, seconds = match.groups(default="0")
    return Fraction(hours) * 3600 + Fraction(minutes) * 60 + Fraction(seconds)


def handles(text: str) -> Handles:
    """The handles that a text means: ``1s`` or ``0.5`` in seconds, ``12f`` in frames."""
    match = LENGTH.fullmatch(text.strip())
    in_frames = match is not None and (match["unit"] or "s").lower().startswith("f")
    if match is None or (in_frames and "." in match["amount"]):
        raise click.BadParameter(f"{text!r} is no length; write 1s or 0.5s, or 12f for frames")
    return Handles(Fraction(match["amount"]), in_frames)


def rate(text: str) -> Fraction:
    """The frames a second that a text means: ``25``, ``29.97`` or ``30000/1001``."""
    from diffava_foley.media.windows import snap_rate

    try:
        exact = Fraction(text.strip())
        if not 1 <= exact <= 1000:
            raise ValueError
    except (ValueError, ZeroDivisionError) as error:
        raise click.BadParameter(f"{text!r} is no frame rate; write 25 or 29.97") from error
    return snap_rate(exact)
