"""Timeline files, opened without losing anything.

OpenTimelineIO refuses a whole document for one schema newer than it knows, and rewrites older ones.
So the JSON is kept as it was written, to be written again with ours added, and OpenTimelineIO is
given a copy that it can read.
"""

import json
import logging
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio.core import SerializableObject
from opentimelineio.schema import SerializableCollection, Stack, Timeline, Track

from diffava_foley.errors import TimelineError
from diffava_foley.timeline import formats
from diffava_foley.timeline.schemas import Schema, step_down

logger = logging.getLogger(__name__)

JSON_SUFFIXES = frozenset((".otio", ".json"))
BUNDLE_SUFFIXES = frozenset((".otioz", ".otiod"))
BUNDLED_DOCUMENT = "content.otio"
LARGEST_DOCUMENT = 1 << 28  # bytes; a feature film's timeline has some tens of millions
DEEPEST_DOCUMENT = 400
"""Levels of nesting; a nest of clips takes two, and Python itself stops at about 1000."""


@dataclass(frozen=True)
class Document:
    """A timeline file as it was written."""

    path: Path
    content: Schema
    """The JSON in the file, or what a format's adapter made of it."""

    @property
    def folder(self) -> Path:
        """What relative paths in the timeline start from."""
        return self.path if self.path.suffix.lower() == ".otiod" else self.path.absolute().parent

    @property
    def archive(self) -> Path | None:
        """The .otioz that holds the media, if it is one."""
        return self.path if self.path.suffix.lower() == ".otioz" else None

    def timeline(self) -> Timeline:
        """A new timeline object; keep it as long as any of its clips, which do not keep it."""
        readable = step_down(self.content, self.path)
        try:
            root = otio.adapters.read_from_string(json.dumps(readable), "otio_json")
        except Exception as error:  # OpenTimelineIO raises a dozen kinds, KeyError among them
            raise _unreadable(self.path, error) from error
        return as_timeline(root, self.path)


def suffixes() -> frozenset[str]:
    """The file name endings that can be read here, ``.otio`` and those of installed adapters."""
    return formats.readable()


def open_document(path: Path, rate: Fraction | None = None) -> Document:
    """A timeline file, opened; nothing of it is changed. ``rate`` is that of an EDL."""
    if not path.exists():
        raise TimelineError(f"{path}: no such timeline; check the path")
    suffix = path.suffix.lower()
    if suffix in JSON_SUFFIXES | BUNDLE_SUFFIXES:
        return Document(path, _parse(_text(path), path))
    if suffix not in suffixes():
        known = " ".join(sorted(suffixes()))
        advice = formats.missing(suffix) or (
            f"{suffix or 'a name without an ending'} is no timeline format known here "
            f"({known}); export OTIO from the editor, or install its OpenTimelineIO adapter"
        )
        raise TimelineError(f"{path}: {advice}")
    try:
        root = formats.read(path, rate)
        return Document(path, json.loads(root.to_json_string()))
    except TimelineError:
        raise
    except Exception as error:  # adapters raise whatever they like
        raise _unreadable(path, error) from error


def timeline_in(content: Schema) -> Schema | None:
    """The timeline in a document's JSON, or None if the document is only a part of one."""
    schema = content["OTIO_SCHEMA"]
    if schema.startswith("SerializableCollection."):
        timelines = (child for child in content.get("children") or [] if isinstance(child, dict))
        return next((t for t in timelines if t["OTIO_SCHEMA"].startswith("Timeline.")), None)
    return content if schema.startswith("Timeline.") else None


def as_timeline(root: SerializableObject, path: Path) -> Timeline:
    """The timeline in a document, whose root may also be a part of one."""
    if isinstance(root, Timeline):
        return root
    if isinstance(root, SerializableCollection):
        found = [child for child in root if isinstance(child, Timeline)]
        if len(found) > 1:
            logger.warning("%s: holds %d timelines; the first one is used", path, len(found))
        if found:
            return found[0].deepcopy()
        raise TimelineError(f"{path}: holds no timeline; export the timeline itself")
    timeline = Timeline(name=getattr(root, "name", ""))
    if isinstance(root, Stack):
        timeline.tracks = root
    elif isinstance(root, Track):
        timeline.tracks.append(root)
    elif isinstance(root, otio.core.Composable):
        timeline.tracks.append(Track(kind="Video", children=[root]))
    else:
        raise TimelineError(f"{path}: holds a {type(root).__name__}, not a timeline")
    return timeline


def _text(path: Path) -> bytes:
    try:
        if path.suffix.lower() == ".otioz":
            with zipfile.ZipFile(path) as archive, archive.open(BUNDLED_DOCUMENT) as member:
                text = member.read(LARGEST_DOCUMENT + 1)
        else:
            inner = path / BUNDLED_DOCUMENT if path.suffix.lower() == ".otiod" else path
            with inner.open("rb") as file:
                text = file.read(LARGEST_DOCUMENT + 1)
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, error) from error
    if len(text) > LARGEST_DOCUMENT:
        raise TimelineError(f"{path}: is over {LARGEST_DOCUMENT >> 20} MiB; is it a timeline?")
    return text


def _parse(text: bytes, path: Path) -> Schema:
    try:
        content = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(content, dict) or "OTIO_SCHEMA" not in content:
        raise TimelineError(f"{path}: is JSON, but no OpenTimelineIO; export OTIO from the editor")
    if _depth(content) > DEEPEST_DOCUMENT:
        raise TimelineError(f"{path}: is nested more than {DEEPEST_DOCUMENT} levels deep")
    return content


def _depth(content: Schema) -> int:
    depth = 0
    level: list[dict[str, Any] | list[Any]] = [content]
    while level:
        depth += 1
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    return depth


def _unreadable(path: Path, error: Exception) -> TimelineError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return TimelineError(f"{path}: cannot be read as a timeline ({reason}); export it again")
