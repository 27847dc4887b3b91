"""What belongs to one place of one editor."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plugin:
    """Files of ours for one place where an editor looks for scripts."""

    editor: str
    """As the user names it: resolve."""
    place: str
    """Which of the editor's places this is, in the reader's words."""
    root: Path
    """The folder that all files lie below."""
    files: dict[str, bytes]
    """Content by path below the root, with forward slashes."""
    command: Path
    """The installed diffava-foley that the files have baked in."""
    work_folder: Path | None
    """Where the plugin exports to and sounds are kept, never removed; None beside the project."""
    menu: str
    """Where the user finds it in the editor."""

    @property
    def record(self) -> Path:
        """The file that remembers what was written."""
        return self.root / f"diffava-foley-{self.editor}.json"


@dataclass(frozen=True)
class Wishes:
    """What the user asks of an installation."""

    command: Path
    work_folder: Path | None = None
    """Where the plugin exports to; the editor's default if None."""
    scripts: Path | None = None
    """The editor's folder of scripts, where it is not in its usual place."""
