"""The menu entry in Studio: what it makes, against a Resolve that stands in."""

import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import projects
import pytest
from plugins.resolve.conftest import PLACES, SAYS, Desk, script
from plugins.resolve.stand_in import Project, Timeline

from diffava_foley.installation.folders import installed_command


def test_the_real_command_makes_sounds_that_lie_under_their_pictures(
    desk: Desk, tiny_weights: Path
) -> None:
    body = 'import os; os.execv({0!r}, [{0!r}, *sys.argv[1:], "--weights", {1!r}])'
    body = body.format(str(installed_command()), str(tiny_weights))
    desk.install(script(desk.commands / "foley", SAYS, body=body))

    desk.choose()

    assert desk.placed() == PLACES
    assert "3 sounds placed, 0 were there already, 0 old ones removed." in desk.told
    pictures = [(i.start, i.length) for i in desk.timeline.track("V1").items]
    assert [(item.start, item.length) for item in desk.items] == pictures
    for item in desk.items:
        assert item.clip is not None
        assert item.clip.seconds == Fraction(item.length, projects.RATE)


def test_the_takes_are_in_a_bin_of_their_own_and_the_users_bin_stays_current(well: Desk) -> None:
    users = well.project.pool.AddSubFolder(well.project.pool.root, "Rushes")
    well.project.pool.SetCurrentFolder(users)

    well.choose()

    ours = [folder for folder in well.project.pool.root.folders if folder.name == "DiffAVA Foley"]
    assert len(ours) == 1
    assert len(ours[0].clips) == 3
    assert users.clips == []
    assert well.project.pool.GetCurrentFolder() is users


def test_the_track_is_stereo_and_the_playhead_where_it_was(well: Desk) -> None:
    well.timeline.timecode = "01:00:02:00"

    well.choose()

    assert well.timeline.track("DiffAVA Foley").subtype == "stereo"
    assert well.timeline.timecode == "01:00:02:00"


def test_progress_is_shown_and_the_window_goes(well: Desk) -> None:
    well.choose()

    assert well.windows is not None
    assert any("Making rain falls" in words for words in well.windows.seen)
    assert any("Placing a dog barks" in words for words in well.windows.seen)
    assert well.windows.open_windows == 0
    assert "finished" in well.log


def test_a_whole_file_that_comes_short_is_placed_by_its_frames(well: Desk) -> None:
    well.timeline.whole_file_is_short = True

    well.choose()

    assert well.placed() == PLACES


def test_a_sound_that_can_only_be_a_frame_short_is_placed_and_told(well: Desk) -> None:
    well.timeline.whole_file_is_short = True
    well.project.pool.sound_fps = "10"  # 24 frames are 10 of these, 30 are 12.5, 18 are 7.5
    well.presses = ["No"]

    well.choose()

    assert [(start, length) for start, length, _ in well.placed()] == [(12, 24), (48, 28), (90, 16)]
    assert "rain falls at 00:02:00: it is 28 frames long instead of 30" in well.told


def test_handles_are_left_out_of_sight(desk: Desk, all_well: Path, tmp_path: Path) -> None:
    run, recorded = json.loads(all_well.read_text()), tmp_path / "recorded"
    shutil.copytree(all_well.parent, recorded)
    stem = str(recorded / "cut")
    sheet = Path(f"{stem}-foley.json")
    content = json.loads(sheet.read_text().replace(run["stem"], stem))
    content["cues"][0].update(head=6, frames=14, tail=4)  # of 24
    sheet.write_text(json.dumps(content))
    (recorded / "run.json").write_text(json.dumps({**run, "stem": stem}))
    desk.play(recorded / "run.json")

    desk.choose()

    assert [(item.source_start, item.length) for item in desk.items] == [
        (6, 14),
        (0, 30),
        (0, 18),
    ]


@pytest.mark.parametrize("edition", ["DaVinci Resolve", "DaVinci Resolve Studio"])
def test_without_windows_the_report_is_a_marker_that_the_next_run_replaces(
    well: Desk, edition: str
) -> None:
    well.resolve.edition = edition
    well.timeline.AddMarker(0, "Blue", "mine", "rain falls", 1)
    nothing = {"bmd": None} if edition.endswith("Studio") else {}

    well.choose(**nothing)
    well.choose(**nothing)

    assert well.placed() == PLACES
    (ours,) = [mark for mark in well.timeline.markers.values() if mark["name"] == "DiffAVA Foley"]
    assert "3 were there already" in ours["note"]
    assert ours["color"] == "Green"
    assert well.timeline.markers[0]["name"] == "mine"


def test_the_free_edition_is_never_asked_for_windows(well: Desk) -> None:
    well.resolve.edition = "DaVinci Resolve"

    well.choose(fusion=None)

    assert not well.resolve.asked_for_windows
    assert well.placed() == PLACES


def test_an_old_report_is_taken_out_of_the_timeline_before_it_is_exported(
    well: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    well.resolve.edition = "DaVinci Resolve"
    well.choose()
    seen, export = [], well.timeline.Export

    def noting(*arguments: object) -> bool:
        seen.append(dict(well.timeline.markers))
        return export(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(well.timeline, "Export", noting)
    assert well.timeline.markers

    well.choose()

    assert seen == [{}]


def test_nothing_of_ours_stays_in_resolves_interpreter_but_the_package(well: Desk) -> None:
    path, bytecode = list(sys.path), sys.dont_write_bytecode

    well.choose()

    assert sys.path == path
    assert sys.dont_write_bytecode == bytecode
    assert not list(well.root.rglob("__pycache__"))


def test_a_project_of_another_name_has_files_of_its_own(well: Desk, project: Path) -> None:
    well.choose()
    other = Timeline("Der Türsteher / 2", project)
    well.project = Project([other], other)
    well.resolve.project = well.project

    well.choose()

    names = sorted(path.name for path in well.folder.glob("*.otio") if "-foley" not in path.name)
    assert len(names) == 2
    assert all(name.isascii() for name in names)
