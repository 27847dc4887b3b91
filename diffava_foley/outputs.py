"""Where a new timeline and its stem may go: never over the input, nor over anybody else's work.

Beside the takes lies a note of what was written last, so that a second run may write it again,
while what was changed since is kept.
"""

import errno
import hashlib
import os
from pathlib import Path

from diffava_foley.errors import OutputError
from diffava_foley.store import replacing, writing_to
from diffava_foley.timeline import formats

SUFFIXES = (".otio", ".otioz", ".otiod")
TIMELINE, STEM = "timeline", "stem"
"""What the notes are called."""


def default_output(timeline: Path) -> Path:
    """Where the new timeline goes unless told otherwise: beside the one it is made from."""
    return timeline.with_name(f"{timeline.stem}-foley.otio")


def takes_folder(output: Path) -> Path:
    """The folder of the takes of a new timeline."""
    return output.absolute().with_suffix(".takes")


def stem_file(output: Path, suffix: str) -> Path:
    """Where the stem of a new timeline goes: beside it."""
    return output.with_name(f"{output.stem}.stem{suffix}")


def check_output(timeline: Path, output: Path, overwrite: bool) -> None:
    """Refuses, before any work, an output that could not be written or would destroy something."""
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES and (reason := formats.why_not_written(suffix)):
        raise OutputError(f"{output}: {reason}; change -o")
    if output.exists() and output.samefile(timeline):
        raise OutputError(f"{output}: this is the timeline itself, which is kept; change -o")
    _check_ours(output, output, TIMELINE, overwrite)
    check_folder(output)


def check_stem(stem: Path, output: Path, overwrite: bool) -> None:
    """Refuses, before any work, a stem that would destroy something."""
    _check_ours(stem, output, STEM, overwrite)


def check_folder(output: Path) -> None:
    """Refuses a file whose folder cannot be written to; one that is not there yet will be made."""
    there = next(parent for parent in output.absolute().parents if parent.exists())
    with writing_to(output):
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{there} is not a folder")
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, f"{there} cannot be written to")


def remember_output(output: Path) -> None:
    """Notes the timeline that was written just now as ours."""
    _remember(output, output, TIMELINE)


def remember_stem(stem: Path, output: Path) -> None:
    """Notes the stem that was written just now as ours."""
    _remember(stem, output, STEM)


def _check_ours(path: Path, output: Path, note: str, overwrite: bool) -> None:
    if path.exists() and not overwrite and not _is_as_we_left_it(path, _note(output, note)):
        raise OutputError(
            f"{path}: it exists and was made or changed by somebody else; choose another -o,"
            " or add --overwrite"
        )


def _remember(path: Path, output: Path, note: str) -> None:
    with replacing(_note(output, note)) as unfinished:
        unfinished.write_text(_digest(path), encoding="ascii")


def _note(output: Path, name: str) -> Path:
    return takes_folder(output) / f"{name}.sha256"


def _is_as_we_left_it(path: Path, note: Path) -> bool:
    try:
        return note.read_text(encoding="ascii") == _digest(path)
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    """What a file's content is; of an .otiod, which is a folder, the names and sizes as well."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    parts = sorted((p for p in path.rglob("*") if p.is_file()), key=str)
    names = [f"{p.relative_to(path).as_posix()} {p.stat().st_size}" for p in parts]
    texts = [p.read_text(encoding="utf-8") for p in parts if p.suffix == ".otio"]
    return hashlib.sha256("\n".join([*names, *texts]).encode()).hexdigest()
