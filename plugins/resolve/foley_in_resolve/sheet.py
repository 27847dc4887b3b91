"""Which take lies where, as the command wrote it."""

import io
import json
from fractions import Fraction
from typing import Any, List, NamedTuple

from .problems import Problem


class Cue(NamedTuple):
    """One sound and its place, in frames of the timeline from its start."""

    caption: str
    track: str
    start: int
    frames: int
    takes: List[str]
    """Paths, the best first."""
    head: int
    """How many frames the files are longer before the sound."""
    tail: int
    """The same after it."""


class Sheet(NamedTuple):
    """All sounds of a cut."""

    rate: Any
    """Frames a second, a Fraction."""
    output: str
    """The new timeline."""
    tracks: List[str]
    cues: List[Cue]


def read(path):
    """The sheet in a file."""
    try:
        with io.open(path, encoding="utf-8") as file:
            content = json.load(file)
        cues = [_cue(cue) for cue in content["cues"]]
        return Sheet(Fraction(*content["rate"]), content["output"], content["tracks"], cues)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("{} cannot be read ({}); start this again.".format(path, error))


def _cue(cue):
    handles = cue.get("head", 0), cue.get("tail", 0)
    return Cue(cue["caption"], cue["track"], cue["start"], cue["frames"], cue["takes"], *handles)
