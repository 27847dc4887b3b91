"""DaVinci Resolve: where each edition looks for scripts, and ours with the paths put in."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath

from diffava_foley.errors import InstallationError
from diffava_foley.installation.folders import Machine
from diffava_foley.installation.plugins import Plugin, Wishes
from diffava_foley.timeline.lua import lua

VENDOR = PurePath("Blackmagic Design", "DaVinci Resolve")
SANDBOX = "Library/Containers/com.blackmagic-design.DaVinciResolveLite/Data"
"""Where the build from the Mac App Store lives, which sees nothing outside."""
WORK_FOLDER = "DiffAVA-Foley"
UTILITY = "Scripts/Utility"
"""Scripts in this folder are in the menu of every page."""
PACKAGE = "foley_in_resolve"
LAUNCHER = "DiffAVA Foley.py"
LUA_SCRIPTS = {
    "DiffAVA Foley 1 - Export.lua": "export.lua",
    "DiffAVA Foley 2 - Place.lua": "place.lua",
}
MENU = "Workspace > Scripts > DiffAVA Foley"


def plugins(machine: Machine, wishes: Wishes) -> tuple[Plugin, ...]:
    """Our scripts for every Resolve that this user may have."""
    if wishes.scripts is not None:
        if wishes.scripts.name != "Scripts":
            raise InstallationError(
                f"{wishes.scripts}: Resolve's folder of scripts ends in Fusion/Scripts; change"
                " --scripts"
            )
        return (
            _plugin("the folder you gave", wishes.scripts.absolute().parent, machine.home, wishes),
        )
    places = [_plugin("this user", _fusion(machine), machine.home, wishes)]
    sandbox = machine.home / SANDBOX
    if machine.system == "darwin" and sandbox.is_dir():
        fusion = sandbox / "Library/Application Support/Fusion"
        places.append(_plugin("the Mac App Store build", fusion, sandbox, wishes))
    return tuple(places)


def _fusion(machine: Machine) -> Path:
    """The folder that holds Scripts, of the builds from Blackmagic's own site."""
    if machine.system == "darwin":
        return machine.home / "Library/Application Support" / VENDOR / "Fusion"
    if machine.system == "win32":
        roaming = machine.environment.get("APPDATA")
        return Path(roaming or machine.home / "AppData/Roaming") / VENDOR / "Support/Fusion"
    return machine.home / ".local/share/DaVinciResolve/Fusion"


def _plugin(place: str, fusion: Path, home: Path, wishes: Wishes) -> Plugin:
    folder = (wishes.work_folder or home / WORK_FOLDER).absolute()
    modules = fusion / "Modules" / "DiffAVA Foley"
    sources = files("diffava_foley.plugins") / "resolve"
    paths = {"COMMAND": wishes.command, "FOLDER": folder, "MODULES": modules}
    contents = {f"{UTILITY}/{LAUNCHER}": _python(sources / LAUNCHER, paths)}
    for source in sorted((sources / PACKAGE).iterdir(), key=lambda entry: entry.name):
        if source.name.endswith(".py"):
            name = f"Modules/DiffAVA Foley/{PACKAGE}/{source.name}"
            contents[name] = source.read_bytes()
    for name, part in LUA_SCRIPTS.items():
        contents[f"{UTILITY}/{name}"] = _lua(sources / "lua", part, paths)
    return Plugin("resolve", place, fusion, contents, wishes.command, folder, MENU)


def _python(source: Traversable, paths: dict[str, Path]) -> bytes:
    """A script with the paths put in, in ASCII."""
    baked = {name: ascii(str(path)) for name, path in paths.items()}
    return _baked(source.read_text(encoding="utf-8"), baked)


def _lua(folder: Traversable, part: str, paths: dict[str, Path]) -> bytes:
    """One script of the common part and another, since the sandbox cannot load parts by name."""
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in ("common.lua", part))
    return _baked(text, {name: lua(path.as_posix()) for name, path in paths.items()})


def _baked(text: str, values: dict[str, str]) -> bytes:
    return re.sub(r'"@([A-Z]+)@"', lambda found: values[found[1]], text).encode()


def warnings(machine: Machine, plugin: Plugin) -> tuple[str, ...]:
    """What the user should know about this place, one sentence each."""
    told = []
    if not plugin.root.parent.exists():
        told.append(
            f"DaVinci Resolve has not been seen at {plugin.root.parent}; the scripts wait for it"
        )
    if machine.system == "win32" and not str(plugin.work_folder).isascii():
        told.append(
            f"Lua in Resolve may not open files in {plugin.work_folder}, which has letters beyond"
            f" ASCII; give another with --folder, such as C:/DiffAVA-Foley"
        )
    return tuple(told)
