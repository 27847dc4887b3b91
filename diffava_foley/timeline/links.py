"""Paths as editors write them, and where they are on this machine.

``C:\\Users\\x.mov``, ``file://localhost/D%3a/x.mov``, ``file:///X:/a%20b.mov``, ``./x.mov``: no two
editors agree, and OpenTimelineIO's own reading of URLs spoils plain paths with a drive, a hash or a
percent sign. Media on another machine is found again by its name under a folder the user gives.
"""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from diffava_foley.errors import MissingMedia

FILE_URL = re.compile(r"file:(?://(?P<host>[^/]*))?(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""At least two letters: ``C:`` is a drive."""
SPECIAL = re.compile(r"(?:async|bluray|cache|concatf?|crypto|data|fd|pipe|subfile|tee):", re.I)
DRIVE_IN_URL = re.compile(r"/(?=[A-Za-z]:(?:/|$))")
LARGEST_FOLDER = 200_000
"""Files under a media folder; more than that is a whole disk, which would take minutes."""


def spellings(link: str) -> tuple[str, ...]:
    """The paths that a link may mean, the likeliest first; addresses of other kinds are refused."""
    link = link.strip()
    if "\0" in link:
        raise MissingMedia(f"{link[:60]!r}: is no path")
    if match := FILE_URL.fullmatch(link):
        return _unique(_from_url(match, unquote(match["path"])), _from_url(match, match["path"]))
    if link.lower().startswith("file:"):
        return _unique(unquote(link[5:]), link[5:])
    if ADDRESS.match(link) or SPECIAL.match(link):
        raise MissingMedia(f"{link[:80]}: is an address, not a file; only local files are read")
    return _unique(link, unquote(link))


def _from_url(match: re.Match[str], path: str) -> str:
    path = DRIVE_IN_URL.sub("", path, count=1) if DRIVE_IN_URL.match(path) else path
    host = match["host"] or "localhost"
    return path if host.lower() == "localhost" else f"//{host}{path}"


def _unique(*paths: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in paths if path))


def parts_of(path: str) -> tuple[str, ...]:
    """The names in a path of any system, the file's own last."""
    return PurePosixPath(path.replace("\\", "/")).parts


@dataclass(frozen=True)
class MediaFolder:
    """A folder in which media is looked for by name; nothing outside it is ever found."""

    root: Path

    def find(self, path: str) -> Path | None:
        """The file of the same name; of several the one whose folders are most alike.

        Two that are equally alike are no answer.
        """
        parts = parts_of(path)
        if not parts:
            return None
        return self._closest(parts, self._files.get(_plain(parts[-1]), []))

    def find_stem(self, name: str) -> Path | None:
        """The one file that is called this, whatever its ending."""
        return self._closest((name,), self._stems.get(_plain(name), []))

    def _closest(self, parts: tuple[str, ...], found: list[Path]) -> Path | None:
        wanted = [_plain(part) for part in reversed(parts[:-1])]
        ranked = sorted(found, key=lambda path: -_likeness(path, wanted))
        if len(ranked) > 1 and _likeness(ranked[0], wanted) == _likeness(ranked[1], wanted):
            names = " and ".join(str(path) for path in ranked[:2])
            raise MissingMedia(f"{parts[-1]}: there are several: {names}; remove or rename one")
        return ranked[0] if ranked else None

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        files: dict[str, list[Path]] = defaultdict(list)
        for path in self._walk():
            files[_plain(path.name)].append(path)
        return files

    @cached_property
    def _stems(self) -> dict[str, list[Path]]:
        stems: dict[str, list[Path]] = defaultdict(list)
        for paths in self._files.values():
            for path in paths:
                stems[_plain(path.stem)].append(path)
        return stems

    def _walk(self) -> Iterator[Path]:
        if not self.root.is_dir():
            raise MissingMedia(f"{self.root}: no such folder; check --media-root")
        root = self.root.resolve()
        count = 0
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                count += 1
                if count > LARGEST_FOLDER:
                    raise MissingMedia(f"{self.root}: too many files; give a folder further down")
                path = Path(folder, name)
                if not path.is_symlink() or path.resolve().is_relative_to(root):
                    yield path


def _plain(name: str) -> str:
    """A name as people compare it: macOS writes é in two characters, Windows ignores case."""
    return unicodedata.normalize("NFC", name).casefold()


def _likeness(path: Path, wanted: list[str]) -> int:
    """How many folders above a file are called as wanted, from the file upward."""
    names = [_plain(part) for part in reversed(path.parts[:-1])]
    pairs = list(zip(names, wanted, strict=False))
    return next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))
