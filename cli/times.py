"""Times as people type them: ``12.5``, ``1:02.5`` or ``01:00:02.5``, read exactly."""

import re
from fractions import Fraction

import click

TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d*)?|\.\d+)")


def time(text: str) -> Fraction:
    """The seconds that a text means; anything else is bad usage."""
    match = TIME.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"{text!r} is not a time; write 12.5, 1:02.5 or 01:00:02.5")
    hours, minutes, seconds = match.groups(default="0")
    return Fraction(hours) * 3600 + Fraction(minutes) * 60 + Fraction(seconds)
