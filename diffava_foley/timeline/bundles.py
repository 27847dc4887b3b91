"""Media that travels inside its timeline: the ``.otioz`` archive."""

import hashlib
import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from diffava_foley.errors import UnreadableMedia
from diffava_foley.media.publish import new_file


@dataclass(frozen=True)
class Bundle:
    """An archive, and the folder under which what is needed of it is unpacked."""

    archive: Path
    unpack_to: Path

    def unpack(self, link: str) -> Path | None:
        """The unpacked file that a relative path in the timeline means, or None if it has none.

        Each archive has a folder of its own, named by what is in it, so nothing is unpacked twice.
        """
        name = str(PurePosixPath(link.replace("\\", "/")))
        member = self._members.get(name)
        if member is None:
            return None
        path = self._folder / name
        if not (path.is_file() and path.stat().st_size == member.file_size):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._extract(member, path)
        return path

    def _extract(self, member: zipfile.ZipInfo, path: Path) -> None:
        try:
            with (
                zipfile.ZipFile(self.archive) as archive,
                archive.open(member) as packed,
                new_file(path, overwrite=True) as unpacked,
            ):
                shutil.copyfileobj(packed, unpacked)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise UnreadableMedia(
                f"{self.archive}: {member.filename} in it is damaged ({error})"
            ) from error

    @cached_property
    def _members(self) -> dict[str, zipfile.ZipInfo]:
        """The files in the archive, but for those whose names lead out of it."""
        with zipfile.ZipFile(self.archive) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
        return {m.filename: m for m in members if _stays_inside(m.filename)}

    @cached_property
    def _folder(self) -> Path:
        contents = "\n".join(f"{m.filename} {m.CRC} {m.file_size}" for m in self._members.values())
        return self.unpack_to / hashlib.sha256(contents.encode()).hexdigest()[:16]


def default_unpacking_folder() -> Path:
    """Where archives are unpacked unless told otherwise: the user's cache."""
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "diffava-foley" / "unpacked"


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    unsafe = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    return bool(path.parts) and not unsafe
