"""What there is to learn from: stretches of media and their captions, from a table.

A manifest is a CSV with the columns ``clip``, ``start`` and ``caption``, and ``duration`` if the
stretches are not all as long as can be; paths are relative to the media folder, else to the
manifest. AudioCaps' own tables (``audiocap_id,youtube_id,start_time,caption``) are taken as they
are; its media may be named as its usual downloaders name them.
"""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from diffava_foley.errors import TrainingError
from diffava_foley.store import key

MOVIES = frozenset(
    {".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm"}
)
OURS = frozenset({"clip", "start", "caption"})
AUDIOCAPS = frozenset({"audiocap_id", "youtube_id", "start_time", "caption"})
AUDIOCAPS_SECONDS = 10


@dataclass(frozen=True)
class Clip:
    """A stretch of media, with all that is said of it."""

    name: str
    """The media as the manifest has it; clips of one name are never on both sides of a split."""
    file: Path
    """Where it lies, or should."""
    start: Fraction
    """seconds from the media's first frame"""
    duration: Fraction | None
    """seconds; None is as long as can be"""
    captions: tuple[str, ...]
    cut: bool = False
    """The file is the stretch itself, cut out of what ``start`` speaks of."""
    perhaps_cut: bool = False
    """Its name leaves open whether it is; its length tells."""

    @property
    def key(self) -> str:
        """What tells this clip from every other, wherever its media lies."""
        length = None if self.duration is None else str(self.duration)
        return key([self.name, str(self.start), length])


@dataclass(frozen=True)
class Broken:
    """A clip that cannot be learned from."""

    clip: str
    start: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """What a manifest has, and the lines of it that cannot be understood."""

    clips: tuple[Clip, ...]
    """Each once with all of its captions, ordered by the hash of what they are: any stretch of
    this order is a fair sample."""
    broken: tuple[Broken, ...]


def read_manifest(path: Path, media: Path | None = None) -> Manifest:
    """The clips that a manifest names; ``media`` is the folder where they lie."""
    gathered: dict[str, Clip] = {}
    broken = []
    for row in _rows(path, media):
        if isinstance(row, Broken):
            broken.append(row)
        elif known := gathered.get(row.key):
            said = tuple(dict.fromkeys((*known.captions, *row.captions)))
            gathered[row.key] = replace(known, captions=said)
        else:
            gathered[row.key] = row
    if not gathered and not broken:
        raise TrainingError(f"{path}: there is no clip in this manifest")
    return Manifest(tuple(gathered[name] for name in sorted(gathered)), tuple(broken))


def _rows(path: Path, media: Path | None) -> Iterator[Clip | Broken]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as table:
            reader = csv.DictReader(table, restval="")
            columns = frozenset(reader.fieldnames or ())
            if columns >= AUDIOCAPS:
                folder = _existing(media, path)
                files = _by_stem(folder)
                yield from (_audiocaps(row, files, folder) for row in reader)
            elif columns >= OURS:
                folder = media or path.parent
                yield from (_ours(row, folder) for row in reader)
            else:
                raise TrainingError(
                    f"{path}: a manifest has the columns clip, start and caption, or AudioCaps'"
                    f" own; this has {', '.join(sorted(columns)) or 'none'}"
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path}: cannot be read as a table: {error}") from error


def _ours(row: Mapping[str, str], folder: Path) -> Clip | Broken:
    name = row["clip"].strip()
    if not name:
        return Broken("", row["start"], "the manifest does not say which clip is meant")
    try:
        return Clip(
            name=name,
            file=folder / name,
            start=_seconds(row["start"] or "0"),
            duration=_seconds(row["duration"]) if row.get("duration") else None,
            captions=(_caption(row),),
        )
    except ValueError as error:
        return Broken(name, row["start"], str(error))


def _audiocaps(row: Mapping[str, str], files: Mapping[str, Path], folder: Path) -> Clip | Broken:
    """A row of AudioCaps, with the file under any of the names that its downloaders give it."""
    video = row["youtube_id"]
    try:
        start, caption = _seconds(row["start_time"]), _caption(row)
    except ValueError as error:
        return Broken(video, row["start_time"], str(error))
    cut, whole = _names(row["audiocap_id"], video, int(start))
    stem = next((name for name in (*cut, *whole) if name in files), None)
    return Clip(
        name=video,
        file=files[stem] if stem else folder / f"{video}_{int(start)}.mp4",
        start=start,
        duration=Fraction(AUDIOCAPS_SECONDS),
        captions=(caption,),
        cut=stem in cut,
        perhaps_cut=stem in whole,
    )


def _names(number: str, video: str, start: int) -> tuple[list[str], list[str]]:
    """Names of a file that is the ten seconds alone, and names that leave this open."""
    end = start + AUDIOCAPS_SECONDS
    spans = (
        f"{start}",
        f"{start:06}",
        f"{start}_{end}",
        f"{start}-{end}",
        f"{start * 1000}",
        f"{start * 1000}_{end * 1000}",
    )
    videos = (video, f"Y{video}")
    return [number, *(f"{v}_{span}" for v in videos for span in spans)], list(videos)


def _existing(media: Path | None, path: Path) -> Path:
    if media is None:
        raise TrainingError(f"{path}: is AudioCaps' own table; say where its clips lie (--media)")
    if not media.is_dir():
        raise TrainingError(f"{media}: there is no such folder; check --media")
    return media


def _by_stem(media: Path) -> dict[str, Path]:
    return {
        Path(name).stem: Path(folder) / name
        for folder, _, names in os.walk(media, followlinks=True)
        for name in sorted(names)
        if Path(name).suffix.lower() in MOVIES
    }


def _seconds(text: str) -> Fraction:
    try:
        seconds = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        seconds = Fraction(-1)
    if seconds < 0:
        raise ValueError(f"{text!r} is no number of seconds")
    return seconds


def _caption(row: Mapping[str, str]) -> str:
    caption = row["caption"].strip()
    if not caption:
        raise ValueError("the caption is empty")
    return caption
