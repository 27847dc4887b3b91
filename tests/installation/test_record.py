"""What was written where: nothing of anybody else is touched."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from diffava_foley.errors import InstallationError, OutputError
from diffava_foley.installation.plugins import Plugin
from diffava_foley.installation.record import install, recorded_folder, status, uninstall


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    command = tmp_path / "bin" / "diffava-foley"
    command.parent.mkdir()
    command.touch()
    return Plugin(
        editor="resolve",
        place="this user",
        root=tmp_path / "editor" / "Fusion",
        files={"Scripts/Foley.py": b"1", "Modules/foley/one.py": b"2"},
        command=command,
        work_folder=tmp_path / "work",
        menu="Workspace > Scripts",
    )


def script(plugin: Plugin) -> Path:
    return plugin.root / "Scripts/Foley.py"


def test_what_is_installed_is_found_and_well(plugin: Plugin) -> None:
    written = install(plugin)

    state = status(plugin)
    assert [path.read_bytes() for path in written] == [b"1", b"2"]
    assert plugin.work_folder.is_dir()
    assert state.found
    assert state.outdated == state.changed == ()
    assert state.command == plugin.command
    assert not state.command_is_gone
    assert recorded_folder(plugin) == plugin.work_folder


def test_before_it_is_installed_nothing_is_found(plugin: Plugin) -> None:
    assert not status(plugin).found
    assert uninstall(plugin).removed == ()
    assert recorded_folder(plugin) is None


def test_a_command_that_has_gone_is_told(plugin: Plugin) -> None:
    install(plugin)
    plugin.command.unlink()

    assert status(plugin).command_is_gone


def test_another_version_is_outdated_until_it_is_installed_again(plugin: Plugin) -> None:
    install(plugin)
    newer = replace(plugin, files={"Scripts/Foley.py": b"1+", "Modules/foley/one.py": b"2"})

    assert status(newer).outdated == (script(plugin),)
    install(newer)
    assert status(newer).outdated == ()
    assert script(plugin).read_bytes() == b"1+"


def test_a_file_that_is_missing_is_outdated(plugin: Plugin) -> None:
    install(plugin)
    script(plugin).unlink()

    assert status(plugin).outdated == (script(plugin),)


def test_a_file_that_a_newer_version_does_not_have_goes(plugin: Plugin) -> None:
    install(plugin)

    install(replace(plugin, files={"Scripts/Foley.py": b"1"}))

    assert not (plugin.root / "Modules/foley/one.py").exists()


def test_somebody_elses_file_is_kept_unless_they_say_so(plugin: Plugin) -> None:
    script(plugin).parent.mkdir(parents=True)
    script(plugin).write_bytes(b"theirs")

    with pytest.raises(InstallationError, match="--overwrite"):
        install(plugin)
    assert script(plugin).read_bytes() == b"theirs"
    assert not (plugin.root / "Modules").exists()

    install(plugin, overwrite=True)
    assert script(plugin).read_bytes() == b"1"


def test_a_file_that_was_changed_is_told_and_neither_replaced_nor_removed(plugin: Plugin) -> None:
    install(plugin)
    script(plugin).write_bytes(b"1 and mine")

    with pytest.raises(InstallationError):
        install(replace(plugin, files={"Scripts/Foley.py": b"1+"}))
    assert status(plugin).changed == (script(plugin),)
    removal = uninstall(plugin)

    assert removal.kept == (script(plugin),)
    assert script(plugin).read_bytes() == b"1 and mine"
    assert not (plugin.root / "Modules/foley/one.py").exists()
    assert uninstall(plugin, force=True).removed == (script(plugin),)


def test_uninstalling_leaves_everything_as_it_was_before(plugin: Plugin, tmp_path: Path) -> None:
    (plugin.root / "Scripts").mkdir(parents=True)
    (plugin.root / "Scripts" / "users.lua").write_text("mine")
    before = sorted(plugin.root.rglob("*"))
    install(plugin)
    sound = plugin.work_folder / "take.wav"
    sound.touch()

    uninstall(plugin)

    assert sorted(plugin.root.rglob("*")) == before
    assert sound.exists()


def test_folders_that_were_made_for_it_go_with_it(plugin: Plugin) -> None:
    install(plugin)
    install(plugin)

    uninstall(plugin)

    assert not plugin.root.parent.exists()


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_told(plugin: Plugin) -> None:
    plugin.root.mkdir(parents=True)
    plugin.root.chmod(0o500)

    with pytest.raises(OutputError, match="cannot write"):
        install(plugin)
