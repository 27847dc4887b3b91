"""OpenTimelineIO JSON that the installed library would refuse, made readable.

One unknown effect, one field left out or one schema newer than the library makes it refuse a whole
timeline. These are put right in a copy that is only read from: what is written keeps the original.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio import schema

from diffava_foley.errors import TimelineError

Schema = dict[str, Any]
"""An OpenTimelineIO object as JSON, with its schema under ``OTIO_SCHEMA``."""

STAND_INS = {
    "children": "Gap.1",
    "effects": "Effect.1",
    "media_references": "MissingReference.1",
    "media_reference": "MissingReference.1",
}
"""What an object of a schema nobody here knows is read as, by where it stands."""

NAMES_OF_TIME_EFFECTS = ("time", "warp", "freeze", "speed", "ramp")
AT_ONCE = json.loads(schema.Marker().to_json_string())["marked_range"]


def step_down(content: Schema, path: Path) -> Schema:
    """A copy of a document that the installed OpenTimelineIO reads."""
    copy: Schema = json.loads(json.dumps(content))
    for place, part in list(_parts(copy)):
        _step_down(part, path)
        _stand_in(place, part)
        _complete(part)
    return copy


def _step_down(part: Schema, path: Path) -> None:
    name, version = _name(part), _version(part)
    known = _known().get(name)
    if known is None or version <= known:
        return
    if (name, version) != ("Marker", 3):
        raise TimelineError(
            f"{path}: was written with {name}.{version}, but OpenTimelineIO {otio.__version__} "
            f"here knows {name}.{known}; update it: pip install -U opentimelineio"
        )
    part |= {"OTIO_SCHEMA": "Marker.2", "color": _colour_name(part.get("color"))}


def _stand_in(place: str, part: Schema) -> None:
    if _name(part) in _known() or place not in STAND_INS:
        return
    replacement = STAND_INS[place]
    if place == "effects" and any(word in _name(part).lower() for word in NAMES_OF_TIME_EFFECTS):
        replacement = "TimeEffect.1"
    if place == "effects":
        part["effect_name"] = part.get("effect_name") or part.get("name") or _name(part)
    part["OTIO_SCHEMA"] = replacement


def _complete(part: Schema) -> None:
    """Fill in what the library insists on, with what it writes itself."""
    for key, value in _defaults().get(part["OTIO_SCHEMA"], {}).items():
        part.setdefault(key, value)
    if _name(part) == "Marker" and part.get("marked_range") is None:
        part["marked_range"] = AT_ONCE


def _parts(content: Schema) -> Iterator[tuple[str, Schema]]:
    """Every object that has a schema, in order, and the name of the field it stands in."""
    waiting: list[tuple[str, object]] = [("", content)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((place, item) for item in reversed(value))
        elif isinstance(value, dict):
            if isinstance(value.get("OTIO_SCHEMA"), str):
                yield place, value
            # The references of a Clip.2 stand under keys of their own choice.
            named = place == "media_references" and "OTIO_SCHEMA" not in value
            waiting.extend(
                (place if named else key, inner) for key, inner in reversed(value.items())
            )


def objects_in(content: Schema) -> Iterator[Schema]:
    """Every object in a document that has a schema."""
    return (part for _, part in _parts(content))


def _name(part: Schema) -> str:
    return str(part["OTIO_SCHEMA"]).rpartition(".")[0]


def _version(part: Schema) -> int:
    version = str(part["OTIO_SCHEMA"]).rpartition(".")[2]
    return int(version) if version.isdecimal() else 0


@cache
def _known() -> dict[str, int]:
    """The newest version of every schema that the library knows; Sequence is Track's old name."""
    return {"Sequence": 1, "Filler": 1, **dict(otio.core.type_version_map().items())}


@cache
def _defaults() -> dict[str, Schema]:
    examples = (
        *(schema.Timeline(), schema.Stack(), schema.Track(), schema.Clip(), schema.Gap()),
        *(schema.Transition(), schema.Marker(), schema.Effect(), schema.TimeEffect()),
        *(schema.LinearTimeWarp(), schema.FreezeFrame(), schema.MissingReference()),
        *(schema.ExternalReference(), schema.ImageSequenceReference()),
        *(schema.GeneratorReference(), schema.SerializableCollection()),
    )
    contents = (json.loads(example.to_json_string()) for example in examples)
    return {content["OTIO_SCHEMA"]: content for content in contents}


def _colour_name(colour: object) -> str:
    """Marker.3 has a colour in numbers, mostly with its old name beside them."""
    if not isinstance(colour, dict):
        return colour if isinstance(colour, str) else ""
    if name := colour.get("name"):
        return str(name)
    parts = (colour.get(letter) or 0.0 for letter in "rgb")
    return "#" + "".join(f"{round(255 * min(max(float(part), 0.0), 1.0)):02X}" for part in parts)
