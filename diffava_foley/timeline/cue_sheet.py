"""Which take lies where, in whole frames: a table that a script inside an editor can read.

As JSON, or as a Lua chunk that returns a table: DaVinci Resolve's free edition runs Lua without
``io``, and all it can open is a chunk. The Lua is plain ASCII, every byte beyond it escaped.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import floor
from pathlib import Path

from diffava_foley.errors import OutputError
from diffava_foley.store import JSON, replacing, writing_to
from diffava_foley.timeline.lua import lua
from diffava_foley.timeline.write import FoleyClip, lanes, track_names

FORMAT = "diffava-foley cue sheet"
VERSION = 1
HALF = Fraction(1, 2)


def cue_sheet(
    timeline: str, rate: Fraction, output: Path, clips: Iterable[FoleyClip], track_name: str
) -> dict[str, JSON]:
    """The table: ``start`` and ``frames`` of every cue in frames from the timeline's start.

    ``takes`` are absolute paths, the best first, of files that are ``head`` and ``tail`` frames
    longer than that; ``output`` is the new timeline.
    """
    placed = lanes(clips)
    cues = (
        _cue(clip, track, rate)
        for lane, track in zip(placed, track_names(track_name, len(placed)), strict=True)
        for clip in lane
    )
    return {
        "format": FORMAT,
        "version": VERSION,
        "timeline": timeline,
        "rate": [rate.numerator, rate.denominator],
        "output": str(output.absolute()),
        "tracks": track_names(track_name, len(placed)),
        "cues": list(cues),
    }


def check_cue_sheet(path: Path) -> None:
    """Refuses, before any work, a file of another kind or one that somebody else made."""
    if path.suffix.lower() not in WRITERS:
        raise OutputError(f"{path}: a cue sheet ends in .json or .lua; change --cue-sheet")
    with writing_to(path):
        theirs = path.exists() and FORMAT.encode() not in path.read_bytes()[:200]
    if theirs:
        raise OutputError(f"{path}: it exists and is no cue sheet of ours; change --cue-sheet")


def write_cue_sheet(path: Path, sheet: Mapping[str, JSON]) -> None:
    """Writes the table in the form that the file's ending asks for."""
    with replacing(path) as unfinished:
        unfinished.write_text(WRITERS[path.suffix.lower()](sheet), encoding="ascii")


def _cue(clip: FoleyClip, track: str, rate: Fraction) -> dict[str, JSON]:
    start, end = (floor(edge * rate + HALF) for edge in (clip.start, clip.start + clip.duration))
    return {
        "shot": clip.shot_id,
        "caption": clip.name,
        "track": track,
        "start": start,
        "frames": max(1, end - start),
        "head": floor(clip.head * rate + HALF),
        "tail": floor(clip.tail * rate + HALF),
        "takes": [str(take.path.absolute()) for take in clip.takes],
    }


def _as_json(sheet: Mapping[str, JSON]) -> str:
    return json.dumps(sheet, indent=2) + "\n"


def _as_lua(sheet: Mapping[str, JSON]) -> str:
    return f"return {lua(sheet)}\n"


WRITERS: Mapping[str, Callable[[Mapping[str, JSON]], str]] = {".json": _as_json, ".lua": _as_lua}
