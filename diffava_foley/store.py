"""Takes that are found again: a folder of sounds, each beside the record of what made it.

A take is looked up by its key, the hash of everything that changes how it sounds. Each sound
``glass-breaks.3f….wav`` lies beside ``glass-breaks.3f….json``; the record is written last, so a
sound without one was never finished. A record without a sound remembers a take that turned out bad.
"""

import contextlib
import errno
import glob
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TypeAlias

from diffava_foley.errors import OutputError

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

KEY_LETTERS_IN_NAMES = 16
SAMPLED_BYTES = 1 << 18
SAMPLED_PLACES = 64


@dataclass(frozen=True)
class Entry:
    """One finished take: its sound (None when the take was bad) and the record of what made it."""

    sound: Path | None
    record: Mapping[str, JSON]


@dataclass(frozen=True)
class Store:
    """A folder of takes. Nothing is created before the first one is published."""

    root: Path

    def find(self, key: str) -> Entry | None:
        """The finished take with this key, or None."""
        for path in sorted(self.root.glob(f"*.{key[:KEY_LETTERS_IN_NAMES]}.json")):
            content = _read_record(path)
            if content.get("key") != key:
                continue
            entry = _entry(self.root, content)
            if entry is not None:
                return entry
        return None

    def publish(
        self,
        key: str,
        name: str,
        suffix: str,
        write: Callable[[Path], Mapping[str, JSON] | None],
        record: Mapping[str, JSON],
        *,
        stem: str | None = None,
    ) -> Entry:
        """The finished take, after ``write(path)`` has made its sound: all of it or nothing.

        The sound is called after ``name`` and its key, or with ``stem`` just that, numbered where
        another sound is called so. What ``write`` returns is added to the record.
        """
        beside = _stem(key, name)
        if stem is not None:
            stem = self._free(stem, suffix)
            beside = f"{stem}.{key[:KEY_LETTERS_IN_NAMES]}"
        sound = self.root / f"{stem or beside}{suffix}"
        with replacing(sound) as unfinished:
            more = write(unfinished)
        return self._note(key, beside, sound.name, {**record, **(more or {})})

    def publish_bad(self, key: str, name: str, record: Mapping[str, JSON]) -> Entry:
        """The memory of a take that must not be delivered, so that it is not made again."""
        return self._note(key, _stem(key, name), None, record)

    def _free(self, stem: str, suffix: str) -> str:
        """The name, or the first numbered one that no sound has or had."""
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return next(name for name in names if not self._is_taken(name, suffix))

    def _is_taken(self, stem: str, suffix: str) -> bool:
        name = f"{stem}{suffix}"
        records = self.root.glob(f"{glob.escape(stem)}.{'?' * KEY_LETTERS_IN_NAMES}.json")
        return (self.root / name).exists() or any(
            _read_record(r).get("sound") == name for r in records
        )

    def _note(self, key: str, beside: str, sound: str | None, record: Mapping[str, JSON]) -> Entry:
        content: Mapping[str, JSON] = {"key": key, "sound": sound, "record": record}
        with replacing(self.root / f"{beside}.json") as unfinished:
            unfinished.write_text(
                json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        return Entry(None if sound is None else self.root / sound, record)


def key(inputs: JSON) -> str:
    """The name of these inputs: equal inputs, equal key, in any order and on any machine."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(path: Path) -> str:
    """What tells this file's content from another's, wherever it lies and whenever it was copied.

    A file of up to 16 MiB is read whole; of a larger one its length and 64 places spread from the
    first byte to the last, which any editor, encoder or cut-off download changes.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        if size <= SAMPLED_BYTES * SAMPLED_PLACES:
            digest.update(file.read())
        else:
            for place in range(SAMPLED_PLACES):
                file.seek((size - SAMPLED_BYTES) * place // (SAMPLED_PLACES - 1))
                digest.update(file.read(SAMPLED_BYTES))
    return digest.hexdigest()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write to, which takes its place only when all went well."""
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            yield unfinished
            os.replace(unfinished, path)


@contextlib.contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turns the system's refusals to write ``path`` into one line for the user."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}: {_advice(error)}") from error


def _advice(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; free some space or choose another folder"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "this folder cannot be written to; choose another with -o"
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return "a file is in the way of its folder; choose another place with -o"
    return error.strerror or type(error).__name__


def _stem(key: str, name: str) -> str:
    words = re.findall(r"\w+", name.lower())
    return f"{'-'.join(words)[:60] or 'take'}.{key[:KEY_LETTERS_IN_NAMES]}"


def _read_record(path: Path) -> Mapping[str, JSON]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _entry(root: Path, content: Mapping[str, JSON]) -> Entry | None:
    """The take a record speaks of, unless its sound has gone."""
    record, sound = content.get("record"), content.get("sound")
    if not isinstance(record, Mapping):
        return None
    if sound is None:
        return Entry(None, record)
    path = root / Path(str(sound)).name
    return Entry(path, record) if path.is_file() and path.stat().st_size > 0 else None
