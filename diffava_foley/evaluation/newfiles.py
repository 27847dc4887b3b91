"""Files that are written at the end of long work, checked at its beginning."""

from pathlib import Path

from diffava_foley.errors import OutputError
from diffava_foley.outputs import check_folder


def check_new(path: Path, overwrite: bool) -> None:
    """Refuses a file that is there already, or that could not be written."""
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: it exists already; choose another name or add --overwrite")
    check_folder(path)
