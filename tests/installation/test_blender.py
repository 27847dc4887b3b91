"""Blender's extension lands where each system's Blender looks, with the command baked in."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from diffava_foley.errors import InstallationError
from diffava_foley.installation import blender, record
from diffava_foley.installation.folders import Machine
from diffava_foley.installation.plugins import Wishes

COMMAND = Path("/opt/foley/bin/diffava-foley")

HOMES = {
    "linux": ".config/blender",
    "darwin": "Library/Application Support/Blender",
    "win32": "AppData/Roaming/Blender Foundation/Blender",
}


def started(home: Path, system: str, *versions: str) -> Machine:
    """A machine on which these Blenders have been started."""
    for version in versions:
        (home / HOMES[system] / version).mkdir(parents=True)
    return Machine(system, home, {})


@pytest.mark.parametrize("system", HOMES)
def test_every_blender_with_extensions_gets_it(tmp_path: Path, system: str) -> None:
    machine = started(tmp_path, system, "2.93", "4.1", "4.2", "5.0", "10.0", "cache")

    plugins = blender.plugins(machine, Wishes(COMMAND))

    extensions = "extensions/user_default/diffava_foley"
    assert [plugin.root for plugin in plugins] == [
        tmp_path / HOMES[system] / version / extensions for version in ("4.2", "5.0", "10.0")
    ]


def test_where_blender_was_never_started_there_is_no_place(tmp_path: Path) -> None:
    assert blender.plugins(started(tmp_path, "linux"), Wishes(COMMAND)) == ()


def test_it_is_the_whole_extension_and_knows_the_command(tmp_path: Path) -> None:
    (plugin,) = blender.plugins(started(tmp_path, "linux", "4.5"), Wishes(COMMAND))

    record.install(plugin)

    source = files("diffava_foley.plugins") / "blender"
    theirs = {entry.name for entry in source.iterdir() if entry.name.endswith((".py", ".toml"))}
    assert {path.name for path in plugin.root.iterdir()} == {
        *theirs,
        "command.txt",
        plugin.record.name,
    }
    assert {"__init__.py", "cut.py", "operators.py"} < theirs
    manifest = tomllib.loads((plugin.root / "blender_manifest.toml").read_text(encoding="utf-8"))
    assert manifest["id"] == plugin.root.name
    assert (plugin.root / "command.txt").read_text(encoding="utf-8") == f"{COMMAND}\n"


def test_uninstalling_leaves_nothing_but_what_was_there(tmp_path: Path) -> None:
    machine = started(tmp_path, "linux", "4.5")
    before = sorted(tmp_path.rglob("*"))
    (plugin,) = blender.plugins(machine, Wishes(COMMAND))
    record.install(plugin)

    record.uninstall(plugin)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_of_extensions_can_be_given(tmp_path: Path) -> None:
    folder = tmp_path / "portable" / "extensions" / "user_default"

    (plugin,) = blender.plugins(Machine("linux", tmp_path, {}), Wishes(COMMAND, scripts=folder))

    assert plugin.root == folder / "diffava_foley"


@pytest.mark.parametrize(
    "wishes", [Wishes(COMMAND, Path("/sounds")), Wishes(COMMAND, None, Path("/blender/scripts"))]
)
def test_what_blender_cannot_do_is_refused(tmp_path: Path, wishes: Wishes) -> None:
    with pytest.raises(InstallationError):
        blender.plugins(started(tmp_path, "linux", "4.5"), wishes)
