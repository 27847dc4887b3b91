"""New files that appear whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from diffava_foley.errors import OutputError


class NewFile(FileIO):
    """A file whose first failure is the one that counts.

    PyAV goes on writing after a full disk, to close the file properly; its second failure would
    hide the first.
    """

    failure: OSError | None = None

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write all of the data: a nearly full disk takes less at first, without an error."""
        rest = memoryview(data)
        while rest and self.failure is None:
            try:
                rest = rest[super().write(rest) :]
            except OSError as error:
                self.failure = error
                raise
        return len(data)


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[NewFile]:
    """A file to write to, which takes its name when the block ends well, and else is gone.

    Until then it is a hidden file beside its place. A file that is there already stays as it is,
    unless ``overwrite``, also when it came while this one was being written.
    """
    if not overwrite and path.exists():
        raise _already_there(path)
    unfinished = path.with_name(f".{path.name[-80:]}.{secrets.token_hex(4)}.part")
    try:
        with NewFile(unfinished, "xb+") as file:
            try:
                yield file
            finally:
                if file.failure:
                    raise file.failure
            os.fsync(file.fileno())
        _publish(unfinished, path, overwrite)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{path}: cannot be written ({reason}); check the folder, its permissions and the disk"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _publish(unfinished: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(unfinished, path)
        return
    try:
        os.link(unfinished, path)  # unlike a rename, this fails if the name is taken
    except FileExistsError as error:
        raise _already_there(path) from error
    except OSError:  # a file system without hard links
        if path.exists():
            raise _already_there(path) from None
        os.rename(unfinished, path)


def _already_there(path: Path) -> OutputError:
    return OutputError(f"{path}: there is such a file already; choose another name or remove it")
