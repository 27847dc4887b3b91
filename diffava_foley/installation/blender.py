"""Blender: the folder of its own for extensions that every version since 4.2 has."""

import re
from importlib.resources import files
from pathlib import Path

from diffava_foley.errors import InstallationError
from diffava_foley.installation.folders import Machine
from diffava_foley.installation.plugins import Plugin, Wishes

OLDEST = (4, 2)
"""The first Blender with extensions."""
REPOSITORY = Path("extensions", "user_default")
"""Where a user's own extensions lie, below the folder of a version."""
NAME = "diffava_foley"
BAKED = "command.txt"
MENU = "tick Diffava Foley in Edit > Preferences > Add-ons; then Strip and Add in the Sequencer"


def plugins(machine: Machine, wishes: Wishes) -> tuple[Plugin, ...]:
    """Our extension for every Blender that this user has started; none if there is none."""
    if wishes.work_folder is not None:
        raise InstallationError(
            f"{wishes.work_folder}: in Blender sounds are kept beside the .blend file; leave"
            " --folder out"
        )
    if wishes.scripts is not None:
        if wishes.scripts.parent.name != REPOSITORY.parent.name:
            raise InstallationError(
                f"{wishes.scripts}: Blender's folder ends in {REPOSITORY.as_posix()}; change"
                " --scripts"
            )
        return (_plugin("the folder you gave", wishes.scripts.absolute(), wishes.command),)
    return tuple(
        _plugin(f"version {folder.name}", folder / REPOSITORY, wishes.command)
        for folder in _versions(machine)
    )


def _versions(machine: Machine) -> list[Path]:
    """The folders of the versions that this user has started, the oldest first."""
    home = _home(machine)
    found = (path for path in home.iterdir() if path.is_dir()) if home.is_dir() else ()
    numbers = {path: re.fullmatch(r"(\d+)\.(\d+)", path.name) for path in found}
    versions = {path: (int(m[1]), int(m[2])) for path, m in numbers.items() if m}
    return sorted((p for p, v in versions.items() if v >= OLDEST), key=lambda p: versions[p])


def _home(machine: Machine) -> Path:
    """Where Blender keeps what belongs to a user."""
    if machine.system == "darwin":
        return machine.home / "Library/Application Support/Blender"
    if machine.system == "win32":
        roaming = machine.environment.get("APPDATA")
        return Path(roaming or machine.home / "AppData/Roaming") / "Blender Foundation/Blender"
    config = machine.environment.get("XDG_CONFIG_HOME")
    return Path(config or machine.home / ".config") / "blender"


def _plugin(place: str, repository: Path, command: Path) -> Plugin:
    source = files("diffava_foley.plugins") / "blender"
    contents = {
        entry.name: entry.read_bytes()
        for entry in sorted(source.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".py", ".toml"))
    }
    contents[BAKED] = f"{command}\n".encode()
    return Plugin("blender", place, repository / NAME, contents, command, None, MENU)


def warnings(_: Machine, __: Plugin) -> tuple[str, ...]:
    """What the user should know about this place: nothing."""
    return ()
