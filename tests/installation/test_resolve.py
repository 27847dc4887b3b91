"""Our scripts for DaVinci Resolve: where each system and edition looks, with the paths put in."""

import ast
from pathlib import Path, PurePosixPath

import pytest
from lupa import lua51 as lupa

from diffava_foley.errors import InstallationError
from diffava_foley.installation.folders import Machine, installed_command
from diffava_foley.installation.plugins import Plugin, Wishes
from diffava_foley.installation.resolve import plugins, warnings

COMMAND = Path("/opt/foley/bin/diffava-foley")
LAUNCHER = "Scripts/Utility/DiffAVA Foley.py"


def one(system: str = "linux", home: Path = Path("/home/ann"), **wishes: Path) -> Plugin:
    (plugin,) = plugins(Machine(system, home, {}), Wishes(COMMAND, **wishes))
    return plugin


def constants(script: bytes) -> dict[str, str]:
    """The paths that a Python script has baked in."""
    nodes = [node for node in ast.parse(script).body if isinstance(node, ast.Assign)]
    return {node.targets[0].id: ast.literal_eval(node.value) for node in nodes}  # type: ignore


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [  # from Blackmagic's README; on Windows as the plugins of others have it
        ("linux", {}, ".local/share/DaVinciResolve/Fusion"),
        (
            "darwin",
            {},
            "Library/Application Support/Blackmagic Design/DaVinci Resolve/Fusion",
        ),
        (
            "win32",
            {},
            "AppData/Roaming/Blackmagic Design/DaVinci Resolve/Support/Fusion",
        ),
        (
            "win32",
            {"APPDATA": "/profiles/ann"},
            "/profiles/ann/Blackmagic Design/DaVinci Resolve/Support/Fusion",
        ),
    ],
)
def test_the_scripts_go_where_resolve_looks(
    system: str, environment: dict[str, str], expected: str
) -> None:
    (plugin,) = plugins(Machine(system, Path("/home/ann"), environment), Wishes(COMMAND))

    assert plugin.root == Path("/home/ann") / expected
    assert LAUNCHER in plugin.files


def test_the_app_store_build_has_its_own_place_inside_its_sandbox(tmp_path: Path) -> None:
    sandbox = tmp_path / "Library/Containers/com.blackmagic-design.DaVinciResolveLite/Data"
    sandbox.mkdir(parents=True)

    _, store = plugins(Machine("darwin", tmp_path, {}), Wishes(COMMAND))

    assert store.root == sandbox / "Library/Application Support/Fusion"
    assert store.work_folder.is_relative_to(sandbox)


def test_only_menu_entries_lie_among_the_scripts() -> None:
    names = [PurePosixPath(name) for name in one().files if name.startswith("Scripts/")]

    assert sorted(name.name for name in names) == [
        "DiffAVA Foley 1 - Export.lua",
        "DiffAVA Foley 2 - Place.lua",
        "DiffAVA Foley.py",
    ]


def test_the_paths_are_baked_in_whatever_letters_they_have(tmp_path: Path) -> None:
    folder = tmp_path / 'Töne "neu"\\ 汐 😀'

    plugin = one(work_folder=folder)

    baked = constants(plugin.files[LAUNCHER])
    assert baked["COMMAND"] == str(COMMAND)
    assert baked["FOLDER"] == str(folder)
    assert "Modules/DiffAVA Foley/foley_in_resolve/action.py" in plugin.files
    assert baked["MODULES"] == str(plugin.root / "Modules/DiffAVA Foley")
    line = next(
        line
        for line in plugin.files["Scripts/Utility/DiffAVA Foley 2 - Place.lua"]
        .decode()
        .splitlines()
        if line.startswith("local COMMAND")
    )
    command, there = lupa.LuaRuntime().execute(f"{line} return COMMAND, FOLDER")
    assert (command, there) == (str(COMMAND), folder.as_posix())


@pytest.mark.parametrize("name", one().files)
def test_every_file_can_be_read_by_its_language_and_has_no_path_left_open(name: str) -> None:
    text = one().files[name].decode("ascii" if "Scripts/" in name else "utf-8")

    assert '"@' not in text
    if name.endswith(".py"):
        compile(text, name, "exec")
    else:
        assert lupa.LuaRuntime().globals().loadstring(text)


def test_a_folder_of_scripts_elsewhere_can_be_given_and_is_checked(tmp_path: Path) -> None:
    assert one(scripts=tmp_path / "Fusion" / "Scripts").root == tmp_path / "Fusion"
    with pytest.raises(InstallationError, match="ends in Fusion/Scripts"):
        one(scripts=tmp_path)


def test_a_resolve_that_was_never_seen_is_told(tmp_path: Path) -> None:
    machine = Machine("linux", tmp_path, {})
    plugin = one(home=tmp_path)

    assert "has not been seen" in warnings(machine, plugin)[0]
    plugin.root.parent.mkdir(parents=True)
    assert warnings(machine, plugin) == ()


def test_letters_that_lua_on_windows_may_not_open_are_told(tmp_path: Path) -> None:
    machine = Machine("win32", tmp_path, {})
    plugin = one("win32", tmp_path, work_folder=tmp_path / "Töne")
    plugin.root.parent.mkdir(parents=True)

    (told,) = warnings(machine, plugin)

    assert "--folder" in told


def test_the_command_that_is_baked_in_is_there_and_absolute() -> None:
    command = installed_command()

    assert command.is_absolute()
    assert command.is_file()
