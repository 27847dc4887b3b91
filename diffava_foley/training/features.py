"""What frozen encoders made of the clips, on disk: shards of safetensors and an index.

    index.json                which encoders made the features, and how many clips each shard has
    shard-00000.safetensors   SHARD_CLIPS clips, the rows of one after those of the other

A shard has ``video`` (R, V) and ``audio`` (R, D) by the second, ``whole`` (N, D) by the clip and
``text`` (C, D) by the caption, in float16; ``seconds`` and ``captions`` (N,) say how many rows
each clip has, ``source`` (N,) which clips are of one origin. Its header tells the clips' names.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor

from diffava_foley.errors import TrainingError
from diffava_foley.store import key, replacing

from .manifests import Clip

FORMAT = 1
INDEX = "index.json"
SHARD_CLIPS = 64
PRECISION = torch.float16


@dataclass(frozen=True)
class Made:
    """Which encoders made the features; those of others cannot be mixed with them."""

    base: str
    """Id of the AudioLDM whose conditions these are."""
    clap: str
    """Id of the CLAP whose space they are in."""
    video: str
    """Fingerprint of what looked at the picture."""
    audio: str
    """Fingerprint of what heard the sound."""
    video_width: int
    text_width: int
    names: tuple[str, ...] = field(default=(), compare=False)
    """What the user called the encoders, to be read by people."""


@dataclass(frozen=True)
class Features:
    """What the encoders made of one clip of T seconds and K captions."""

    video: Tensor
    """(T, V)"""
    audio: Tensor
    """(T, D), of unit length"""
    whole: Tensor
    """(D,), of unit length: the sound heard in one"""
    text: Tensor
    """(K, D), of unit length"""


@dataclass(frozen=True)
class Shard:
    """The features of some clips, in memory."""

    tensors: Mapping[str, Tensor]

    def __len__(self) -> int:
        """How many clips it has."""
        return len(self.tensors["source"])

    def features(self, row: int) -> Features:
        """What one of its clips has, in its own memory."""
        seconds, captions = self._rows("seconds", row), self._rows("captions", row)
        return Features(
            self.tensors["video"][seconds].clone(),
            self.tensors["audio"][seconds].clone(),
            self.tensors["whole"][row].clone(),
            self.tensors["text"][captions].clone(),
        )

    def _rows(self, name: str, row: int) -> slice:
        counts = self.tensors[name]
        start = int(counts[:row].sum())
        return slice(start, start + int(counts[row]))


@dataclass(frozen=True)
class Folder:
    """A folder of features, of which only the index is in memory."""

    path: Path
    made: Made
    clips: tuple[int, ...]
    """How many clips each shard has."""

    @property
    def identity(self) -> str:
        """What tells these features from all others, wherever they lie."""
        kept = {k: v for k, v in asdict(self.made).items() if k != "names"}
        return key(
            [kept, list(self.clips), list(map(_size, map(self.file, range(len(self.clips)))))]
        )

    def file(self, number: int) -> Path:
        """Where a shard lies."""
        return self.path / f"shard-{number:05}.safetensors"

    def shard(self, number: int) -> Shard:
        """A shard, read into memory."""
        file = self.file(number)
        try:
            return Shard(load(file.read_bytes()))
        except (OSError, SafetensorError) as error:
            raise _damaged(file, error) from error

    def sources(self, number: int) -> Tensor:
        """Which clips of a shard are of one origin, (N,), without reading the rest of it."""
        file = self.file(number)
        try:
            with safe_open(file, "pt") as shard:
                sources: Tensor = shard.get_tensor("source").clone()
        except (OSError, SafetensorError) as error:
            raise _damaged(file, error) from error
        return sources

    def keys(self) -> set[str]:
        """The keys of all clips."""
        found: set[str] = set()
        for number in range(len(self.clips)):
            file = self.file(number)
            try:
                with safe_open(file, "pt") as shard:
                    found.update(clip["key"] for clip in json.loads(shard.metadata()["clips"]))
            except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
                raise _damaged(file, error) from error
        return found

    def add(self, entries: Sequence[tuple[Clip, Features]]) -> "Folder":
        """The folder with another shard, written whole before the index tells of it."""
        file = self.file(len(self.clips))
        with replacing(file) as unfinished:
            # Not save_file, which lets nobody but the owner read what it writes.
            unfinished.write_bytes(save(_tensors(entries), {"clips": json.dumps(_told(entries))}))
        grown = Folder(self.path, self.made, (*self.clips, len(entries)))
        grown._write_index()
        return grown

    def _write_index(self) -> None:
        shards = [
            {"file": self.file(number).name, "clips": clips}
            for number, clips in enumerate(self.clips)
        ]
        content = {"format": FORMAT, "made": asdict(self.made), "shards": shards}
        with replacing(self.path / INDEX) as unfinished:
            unfinished.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def open_folder(path: Path) -> Folder:
    """The features in a folder that ``train prepare`` made."""
    index = path / INDEX
    if not index.is_file():
        raise TrainingError(f"{path}: there are no features here; make them with train prepare")
    try:
        content = json.loads(index.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise TrainingError(f"{index}: is of another version; run train prepare anew")
        known = {item.name for item in fields(Made)}
        made = Made(**{k: v for k, v in content["made"].items() if k in known})
        return Folder(path, made, tuple(int(shard["clips"]) for shard in content["shards"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrainingError(f"{index}: cannot be read, run train prepare anew: {error}") from error


def begin(path: Path, made: Made) -> Folder:
    """The folder to add features to, new or as it was left; refuses those of other encoders."""
    if not (path / INDEX).is_file():
        return Folder(path, made, ())
    there = open_folder(path)
    if there.made != made:
        raise TrainingError(
            f"{path}: has features of other encoders ({difference(there.made, made)});"
            " choose those, or another folder"
        )
    return there


def difference(one: Made, other: Made) -> str:
    """In what two sets of encoders differ, in a few words."""
    return ", ".join(
        f"{item.name} {getattr(one, item.name)!r}, not {getattr(other, item.name)!r}"
        for item in fields(Made)
        if item.compare and getattr(one, item.name) != getattr(other, item.name)
    )


def source(name: str) -> int:
    """A number for the origin of a clip, spread evenly over 0 to 2**63 - 1."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1


def _tensors(entries: Sequence[tuple[Clip, Features]]) -> dict[str, Tensor]:
    clips = [clip for clip, _ in entries]
    made = [features for _, features in entries]
    return {
        "video": torch.cat([one.video for one in made]).to(PRECISION),
        "audio": torch.cat([one.audio for one in made]).to(PRECISION),
        "whole": torch.stack([one.whole for one in made]).to(PRECISION),
        "text": torch.cat([one.text for one in made]).to(PRECISION),
        "seconds": torch.tensor([len(one.video) for one in made]),
        "captions": torch.tensor([len(one.text) for one in made]),
        "source": torch.tensor([source(clip.name) for clip in clips]),
    }


def _told(entries: Sequence[tuple[Clip, Features]]) -> list[dict[str, object]]:
    return [
        {
            "key": clip.key,
            "name": clip.name,
            "start": str(clip.start),
            "captions": clip.captions,
        }
        for clip, _ in entries
    ]


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> TrainingError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return TrainingError(f"{file}: cannot be read, run train prepare anew: {reason}")
