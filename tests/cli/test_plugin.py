"""``plugin`` puts a menu entry into an editor, looks after it, takes it away."""

from pathlib import Path

import pytest

from diffava_foley.installation.folders import Machine, installed_command

from .conftest import Command

UTILITY = ".local/share/DaVinciResolve/Fusion/Scripts/Utility"


@pytest.fixture
def plugin(foley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``plugin`` for a user whose home is the empty folder, and who has Resolve on Linux."""
    machine = Machine("linux", tmp_path, {})
    monkeypatch.setattr("diffava_foley.cli.plugin.this_machine", lambda: machine)
    (tmp_path / ".local/share/DaVinciResolve").mkdir(parents=True)
    return lambda *arguments: foley("plugin", *arguments)


def test_installing_says_where_the_menu_entry_is(plugin: Command, tmp_path: Path) -> None:
    result = plugin("install", "resolve")

    assert result.exit_code == 0, result.output
    assert "Workspace > Scripts > DiffAVA Foley" in result.stdout
    assert result.stderr == ""
    launcher = (tmp_path / UTILITY / "DiffAVA Foley.py").read_text()
    assert str(installed_command()) in launcher
    assert (tmp_path / "DiffAVA-Foley").is_dir()


def test_status_tells_of_nothing_then_of_the_command_then_of_its_loss(
    plugin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = plugin("status")
    plugin("install", "resolve")
    well = plugin("status", "resolve")
    gone = tmp_path / "gone" / "diffava-foley"
    monkeypatch.setattr("diffava_foley.cli.plugin.installed_command", lambda: gone)
    plugin("install", "resolve")
    lost = plugin("status", "resolve")

    assert "DaVinci Resolve, this user: not installed" in before.stdout
    assert f"installed, runs {installed_command()}" in well.stdout
    assert (before.exit_code, well.exit_code, lost.exit_code) == (0, 0, 1)
    assert f"{gone} has gone; install it again" in lost.stdout


def test_a_work_folder_is_remembered_when_it_is_installed_again(
    plugin: Command, tmp_path: Path
) -> None:
    plugin("install", "resolve", "--folder", tmp_path / "sounds")

    assert plugin("status").exit_code == 0
    plugin("install", "resolve")
    assert str(tmp_path / "sounds") in (tmp_path / UTILITY / "DiffAVA Foley.py").read_text()


def test_a_changed_script_is_told_and_kept(plugin: Command, tmp_path: Path) -> None:
    plugin("install", "resolve")
    launcher = tmp_path / UTILITY / "DiffAVA Foley.py"
    launcher.write_text("mine")

    status, again = plugin("status"), plugin("install", "resolve")
    removed = plugin("uninstall", "resolve")

    assert "changed by somebody else" in status.stdout
    assert status.exit_code == again.exit_code == removed.exit_code == 1
    assert "--overwrite" in again.output
    assert "--force removes it" in removed.stderr
    assert launcher.read_text() == "mine"
    assert plugin("uninstall", "resolve", "--force").exit_code == 0
    assert not launcher.exists()


def test_uninstalling_what_is_not_there_says_so(plugin: Command) -> None:
    result = plugin("uninstall", "resolve")

    assert result.exit_code == 0
    assert "Nothing of ours is installed" in result.stdout


def test_a_resolve_that_was_never_seen_is_a_warning(plugin: Command, tmp_path: Path) -> None:
    (tmp_path / ".local/share/DaVinciResolve").rmdir()

    result = plugin("install", "resolve")

    assert result.exit_code == 0
    assert "has not been seen" in result.stderr


def test_an_unknown_editor_is_bad_usage(plugin: Command) -> None:
    assert plugin("install", "movie-maker").exit_code == 2


def test_blender_gets_its_extension_where_it_has_been_started(
    plugin: Command, tmp_path: Path
) -> None:
    never = plugin("install", "blender")
    (tmp_path / ".config/blender/4.5").mkdir(parents=True)
    installed = plugin("install", "blender")
    status = plugin("status", "blender")
    removed = plugin("uninstall", "blender")

    assert never.exit_code == 1
    assert "start it once" in never.stderr
    assert "Edit > Preferences > Add-ons" in installed.stdout
    assert "a folder foley beside the project" in installed.stdout
    assert f"Blender, version 4.5: installed, runs {installed_command()}" in status.stdout
    assert "Removed for version 4.5" in removed.stdout
    assert [path.name for path in (tmp_path / ".config/blender/4.5").iterdir()] == []
