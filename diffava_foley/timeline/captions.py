"""Which text of a marker is its caption.

Every editor keeps what was typed into a marker somewhere else: OpenTimelineIO's own comment field
(Kdenlive), the metadata (Resolve, Premiere, Avid, Hiero), or the marker's name (everybody else).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opentimelineio.schema import Marker

PIPELINE_IDS = ("pyblish.", "ayon.", "openpype.")
OUR_REPORT = "DiffAVA Foley"
"""The name of the marker in which our plugins report where there is no window to do so."""
PIPELINE_NAME = re.compile(rf"(ayon|openpype|avalon)\s?data(_\w+)?|{OUR_REPORT}", re.IGNORECASE)
UNNAMED_IN_RESOLVE = re.compile(r"Marker \d+")


@dataclass(frozen=True)
class Caption:
    """The text of a marker, and which field of it that was."""

    text: str
    field: str


def caption_of(
    marker: Marker, prefix: str | None = None, colours: frozenset[str] = frozenset()
) -> Caption | None:
    """The caption a marker carries, or None if it carries none or is not meant for us.

    With ``colours`` only markers of these count; with a ``prefix`` only texts that begin with it,
    and the caption is what follows. A marker whose whole name is the prefix captions by its note.
    """
    if colours and (marker.color or "").casefold() not in {c.casefold() for c in colours}:
        return None
    texts = tuple(texts_of(marker))
    if is_of_a_pipeline(marker, texts):
        return None
    return _after_prefix(texts, prefix) if prefix else next(iter(texts), None)


def texts_of(marker: Marker) -> Iterator[Caption]:
    """All texts of a marker that are not empty, the one most likely meant as a caption first."""
    metadata = marker.metadata
    resolve = _part(metadata, "Resolve_OTIO")
    avid = _part(metadata, "AAF")
    fields = (
        (marker.comment, "comment"),
        (resolve.get("Note"), "Resolve note"),
        (_part(metadata, "fcp_xml").get("comment"), "Premiere comment"),
        (avid.get("Comment"), "Avid comment"),
        (_part(avid, "UserComments").get("Comment"), "Avid comment"),
        (metadata.get("note"), "note"),
        (_given_name(marker, resolve), "name"),
    )
    for text, field in fields:
        if isinstance(text, str) and (line := " ".join(text.split())):
            yield Caption(line, field)


def is_of_a_pipeline(marker: Marker, texts: tuple[Caption, ...]) -> bool:
    """Whether a marker carries a production pipeline's data and no text of a person."""
    metadata = marker.metadata
    identity = metadata.get("id")
    return (
        "json_metadata" in metadata
        or isinstance(metadata.get("family"), str)  # a task that AYON tags in Hiero
        or (isinstance(identity, str) and identity.startswith(PIPELINE_IDS))
        or PIPELINE_NAME.fullmatch(marker.name or "") is not None
        or any(_is_json(caption.text) for caption in texts)
    )


def _after_prefix(texts: tuple[Caption, ...], prefix: str) -> Caption | None:
    wanted = prefix.strip().casefold()
    for caption in texts:
        rest = caption.text[len(wanted) :]
        part_of_a_word = wanted[-1:].isalnum() and rest[:1].isalnum()
        ours = caption.text.casefold().startswith(wanted) and not part_of_a_word
        if ours and (words := rest.lstrip(" :-–—")):
            return Caption(words, caption.field)
    flag = wanted.rstrip(": ")
    if any(c.field == "name" and c.text.casefold().rstrip(": ") == flag for c in texts):
        return next((caption for caption in texts if caption.field != "name"), None)
    return None


def _given_name(marker: Marker, resolve: Mapping[str, Any]) -> str:
    """The marker's name, unless it is the number that Resolve gives every marker."""
    numbered = bool(resolve) and UNNAMED_IN_RESOLVE.fullmatch(marker.name or "")
    return "" if numbered else marker.name or ""


def _part(metadata: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = metadata.get(key)
    return part if isinstance(part, Mapping) else {}


def _is_json(text: str) -> bool:
    if not text.startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False
