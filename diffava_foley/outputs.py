"""Where a new timeline may go: never over its input, nor over what somebody else made or changed.

Beside the takes lies a note of the timeline that was written last, so that a second run may write
it again, while one that was changed since is kept.
"""

import errno
import hashlib
import os
from pathlib import Path

from diffava_foley.errors import OutputError
from diffava_foley.store import replacing, writing_to

SUFFIXES = (".otio", ".otioz", ".otiod")
NOTE = "timeline.sha256"


def default_output(timeline: Path) -> Path:
    """Where the new timeline goes unless told otherwise: beside the one it is made from."""
    return timeline.with_name(f"{timeline.stem}-foley.otio")


def takes_folder(output: Path) -> Path:
    """The folder of the takes of a new timeline."""
    return output.absolute().with_suffix(".takes")


def check_output(timeline: Path, output: Path, overwrite: bool) -> None:
    """Refuses, before any work, an output that could not be written or would destroy something."""
    if output.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{output}: a new timeline ends in .otio, .otioz or .otiod; change -o")
    if output.exists() and output.samefile(timeline):
        raise OutputError(f"{output}: this is the timeline itself, which is kept; change -o")
    if output.exists() and not overwrite and not _is_as_we_left_it(output):
        raise OutputError(
            f"{output}: it exists and was made or changed by somebody else; choose another -o,"
            " or add --overwrite"
        )
    check_folder(output)


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
    if output.is_file():
        with replacing(takes_folder(output) / NOTE) as unfinished:
            unfinished.write_text(_digest(output), encoding="ascii")


def _is_as_we_left_it(output: Path) -> bool:
    note = takes_folder(output) / NOTE
    try:
        return note.read_text(encoding="ascii") == _digest(output)
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
