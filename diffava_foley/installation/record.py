"""What was written where, so that nothing of anybody else is touched.

Beside the files lies a record with the hash of each as it was written. A file that differs from it
was changed by somebody else and is kept unless they say otherwise.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diffava_foley.errors import InstallationError
from diffava_foley.installation.plugins import Plugin
from diffava_foley.store import replacing, writing_to


@dataclass(frozen=True)
class Status:
    """How an installed plugin is."""

    found: bool
    outdated: tuple[Path, ...] = ()
    """Files that are not as this version would write them, or not there."""
    changed: tuple[Path, ...] = ()
    """Files that somebody else changed."""
    command: Path | None = None
    """The command that is baked in."""

    @property
    def command_is_gone(self) -> bool:
        """Whether the plugin would call a command that is not there."""
        return self.command is not None and not self.command.is_file()


@dataclass(frozen=True)
class Removal:
    """What was taken away, and what was not."""

    removed: tuple[Path, ...]
    kept: tuple[Path, ...]
    """Files that somebody else changed."""


def install(plugin: Plugin, *, overwrite: bool = False) -> tuple[Path, ...]:
    """The files written; those of an earlier version that are not needed any more go.

    What somebody else made or changed is refused unless ``overwrite``, before any is written.
    """
    written = _hashes(plugin)
    theirs = [
        path
        for name, content in plugin.files.items()
        if (path := plugin.root / name).exists()
        and path.read_bytes() != content
        and written.get(name) != _hash(path.read_bytes())
    ]
    if theirs and not overwrite:
        raise InstallationError(
            f"{theirs[0]}: somebody else made or changed it; add --overwrite to replace it"
        )
    folders = _folders_to_make(plugin) | {str(folder) for folder in _list(plugin, "folders")}
    for name in written.keys() - plugin.files.keys():
        _remove(plugin, name, written[name], force=False)
    for name, content in plugin.files.items():
        with replacing(plugin.root / name) as unfinished:
            unfinished.write_bytes(content)
    if plugin.work_folder is not None:
        with writing_to(plugin.work_folder):
            plugin.work_folder.mkdir(parents=True, exist_ok=True)
    _write_record(plugin, folders)
    return tuple(plugin.root / name for name in plugin.files)


def status(plugin: Plugin) -> Status:
    """How the plugin is that is installed in this place."""
    record = _read(plugin.record)
    if not record:
        return Status(found=False)
    written = _hashes(plugin)
    outdated = tuple(
        plugin.root / name
        for name, content in plugin.files.items()
        if written.get(name) != _hash(content) or not (plugin.root / name).is_file()
    )
    changed = tuple(plugin.root / name for name in written if _is_changed(plugin, name, written))
    return Status(True, outdated, changed, Path(str(record.get("command"))))


def uninstall(plugin: Plugin, *, force: bool = False) -> Removal:
    """What was removed: files as we wrote them, and with ``force`` those that were changed."""
    written = _hashes(plugin)
    changed = [name for name in written if _is_changed(plugin, name, written)]
    there = [name for name in written if (plugin.root / name).is_file()]
    gone = [name for name in there if _remove(plugin, name, written[name], force=force)]
    kept = [] if force else changed
    made = [Path(str(folder)) for folder in _list(plugin, "folders")]
    if not kept and plugin.record.is_file():
        with writing_to(plugin.record):
            plugin.record.unlink()
    for folder in sorted(made, key=lambda folder: -len(folder.parts)):
        with contextlib.suppress(OSError):  # not empty: somebody else put something there
            folder.rmdir()
    return Removal(
        tuple(plugin.root / name for name in gone), tuple(plugin.root / name for name in kept)
    )


def recorded_folder(plugin: Plugin) -> Path | None:
    """The work folder that the installed plugin has, if one is installed."""
    folder = _read(plugin.record).get("work_folder")
    return Path(folder) if isinstance(folder, str) else None


def _remove(plugin: Plugin, name: str, digest: str, *, force: bool) -> bool:
    path = plugin.root / name
    if not path.is_file() or not (force or _hash(path.read_bytes()) == digest):
        return False
    with writing_to(path):
        path.unlink()
    return True


def _is_changed(plugin: Plugin, name: str, written: Mapping[str, str]) -> bool:
    path = plugin.root / name
    return path.is_file() and _hash(path.read_bytes()) != written[name]


def _folders_to_make(plugin: Plugin) -> set[str]:
    """The folders that are made for our files, and go with them when they are empty."""
    parents = (folder for name in plugin.files for folder in (plugin.root / name).parents)
    return {str(folder) for folder in parents if not folder.exists()}


def _write_record(plugin: Plugin, folders: set[str]) -> None:
    content = {
        "command": str(plugin.command),
        "work_folder": str(plugin.work_folder) if plugin.work_folder else None,
        "folders": sorted(folders),
        "files": {name: _hash(content) for name, content in plugin.files.items()},
    }
    with replacing(plugin.record) as unfinished:
        unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _hashes(plugin: Plugin) -> dict[str, str]:
    files = _read(plugin.record).get("files")
    return {str(k): str(v) for k, v in files.items()} if isinstance(files, dict) else {}


def _list(plugin: Plugin, key: str) -> list[object]:
    listed = _read(plugin.record).get(key)
    return listed if isinstance(listed, list) else []


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
