"""The menu entry in Studio, state by state, against a Resolve that stands in."""

import json
import os
import shutil
import sys
import time
from fractions import Fraction
from pathlib import Path

import projects
import pytest
from plugins.resolve.conftest import Desk, script
from plugins.resolve.stand_in import Clip, Item, Project, Resolve, Timeline, Track

from diffava_foley.installation.folders import installed_command

PLACES = [
    (12, 24, "a-glass-breaks"),
    (48, 30, "rain-falls"),
    (90, 18, "a-dog-barks"),
]
"""From tests/projects.py by hand: a gap of 12 frames before each, 24, 30 and 18 frames long."""
SAYS = """\
    #!{python}
    import sys, time
    {body}
"""


@pytest.fixture
def well(desk: Desk, all_well: Path) -> Desk:
    """A desk whose command makes three sounds."""
    desk.play(all_well)
    return desk


def foley_items(desk: Desk) -> list[Item]:
    return desk.timeline.track("DiffAVA Foley").items


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
    assert [(item.start, item.length) for item in foley_items(desk)] == pictures
    for item in foley_items(desk):
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


def test_without_a_project_it_says_so(desk: Desk) -> None:
    desk.install(desk.commands / "never")
    desk.resolve.project = None

    desk.choose()

    assert "No project is open" in desk.told


def test_without_a_timeline_it_says_so(desk: Desk) -> None:
    desk.install(desk.commands / "never")
    desk.project.timeline = None

    desk.choose()

    assert "No timeline is open" in desk.told


def test_a_refused_export_is_told_and_no_command_is_run(desk: Desk) -> None:
    mark = desk.commands / "ran"
    body = f"open({str(mark)!r}, 'w')"
    desk.install(script(desk.commands / "foley", SAYS, body=body))
    desk.timeline.exports = False

    desk.choose()

    assert "did not export the timeline" in desk.told
    assert not mark.exists()


def test_an_old_export_is_not_taken_for_the_new_one(well: Desk) -> None:
    well.choose()
    well.timeline.exports = False

    well.choose()

    assert "did not export the timeline" in well.told


def test_a_resolve_without_otio_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.install(desk.commands / "never")
    monkeypatch.setattr(Resolve, "EXPORT_OTIO", None)

    desk.choose()

    assert "18.5 or newer" in desk.told


def test_a_missing_command_is_told_with_what_to_do(desk: Desk) -> None:
    desk.install(desk.commands / "gone")

    desk.choose()

    assert f"{desk.commands / 'gone'} cannot be started" in desk.told
    assert "plugin install resolve" in desk.told


def test_the_commands_own_words_are_told_when_it_fails(desk: Desk, tiny_weights: Path) -> None:
    cut = json.loads(desk.timeline.source.read_text())  # type: ignore[union-attr]
    for clip in cut["tracks"]["children"][0]["children"]:
        clip["markers"] = []
    bare = desk.commands / "bare.otio"
    bare.write_text(json.dumps(cut))
    desk.timeline.source = bare
    desk.install(installed_command())

    desk.choose()

    assert "no caption was found" in desk.told
    assert [track.name for track in desk.timeline.of("audio")] == ["Audio 1"]


def test_a_command_that_breaks_is_told_with_its_last_words(desk: Desk) -> None:
    body = "sys.stderr.write('Traceback\\nno such device\\n'); sys.exit(3)"
    desk.install(script(desk.commands / "foley", SAYS, body=body))

    desk.choose()

    assert "no such device" in desk.told


def test_what_is_no_json_is_passed_over(desk: Desk, all_well: Path) -> None:
    run = json.loads(all_well.read_text())
    noisy = desk.commands / "run.json"
    lines = ["hello", "[1]", "{", *run["lines"], ""]
    noisy.write_text(json.dumps({**run, "lines": lines}))
    desk.play(noisy)

    desk.choose()

    assert desk.placed() == PLACES


def test_shots_that_failed_are_named_and_the_others_are_placed(
    desk: Desk, one_missing: Path
) -> None:
    desk.play(one_missing)

    desk.choose()

    assert desk.placed() == [PLACES[0], PLACES[2]]
    assert "2 sounds placed" in desk.told
    assert "Not made: 1 (rain falls)" in desk.told


def test_a_file_resolve_does_not_import_is_told_and_the_rest_is_placed(well: Desk) -> None:
    well.project.pool.refused = ("rain",)
    well.presses = ["No"]

    well.choose()

    assert desk_captions(well) == ["a-glass-breaks", "a-dog-barks"]
    assert "rain falls at 00:02:00: Resolve did not import" in well.told


def desk_captions(desk: Desk) -> list[str]:
    return [caption for _, _, caption in desk.placed()]


def test_when_nothing_is_imported_everything_stays_as_it_was(well: Desk) -> None:
    well.choose()
    before = list(foley_items(well))
    before[0].start += 3  # a run that places anything would take it away
    well.project.pool.root.folders.clear()
    well.project.pool.refused = (".wav",)
    well.presses = ["No"]

    well.choose()

    assert foley_items(well) == before
    assert "0 sounds placed" in well.told


def test_a_dropped_sound_is_told_with_what_lies_in_its_place(well: Desk) -> None:
    music = Item(Clip(Path("music.wav")), 86400 + 60, 100)
    well.timeline.tracks.append(Track("audio", "DiffAVA Foley", items=[music]))
    well.presses = ["No"]

    well.choose()

    assert desk_captions(well) == ["a-glass-breaks", "music"]
    assert "rain falls at 00:02:00: music.wav lies in its place" in well.told
    assert "File > Import > Timeline" in well.told


def test_a_sound_dropped_without_a_reason_is_told(well: Desk) -> None:
    well.timeline.drops = {86400 + 48}
    well.presses = ["No"]

    well.choose()

    assert desk_captions(well) == ["a-glass-breaks", "a-dog-barks"]
    assert "Resolve dropped it and gave no reason" in well.told


def test_after_a_drop_the_new_timeline_is_imported_under_a_free_name(well: Desk) -> None:
    well.timeline.drops = {86400 + 48}
    well.project.timelines.append(Timeline("cut foley"))
    well.presses = ["Import"]

    well.choose()

    assert [timeline.name for timeline in well.project.timelines] == [
        "cut",
        "cut foley",
        "cut foley 2",
    ]
    assert "The timeline cut foley 2 was imported" in well.told


def test_a_refused_import_of_the_timeline_says_to_save_the_project(well: Desk) -> None:
    well.timeline.drops = {86400 + 48}
    well.project.saved = False
    well.presses = ["Import"]

    well.choose()

    assert "save the project first" in well.told


def test_a_sound_put_beside_its_picture_is_taken_away_and_told(well: Desk) -> None:
    well.timeline.moves = 5
    well.presses = ["No"]

    well.choose()

    assert well.placed() == []
    assert "5 frames beside its picture" in well.told


def test_dead_objects_on_a_track_are_no_sounds(well: Desk) -> None:
    dead = Item(None, 86400 + 12, 24, dead=True)
    well.timeline.tracks.append(Track("audio", "DiffAVA Foley", items=[dead]))
    dead.start = 10**9  # so that the stand-in itself sees nothing in the way
    well.timeline.drops = {86400 + 48}
    well.presses = ["No"]

    well.choose()

    assert "2 sounds placed" in well.told
    assert "Resolve dropped it and gave no reason" in well.told


def test_a_second_run_leaves_what_is_right_where_it_is(well: Desk) -> None:
    well.choose()
    before = list(map(id, foley_items(well)))

    well.choose()

    assert list(map(id, foley_items(well))) == before
    assert "0 sounds placed, 3 were there already, 0 old ones removed." in well.told
    assert len(well.project.pool.root.folders[0].clips) == 3


def test_a_second_run_replaces_its_own_clips_only(well: Desk) -> None:
    well.choose()
    moved, kept, gone = foley_items(well)
    moved.start += 3
    gone.length -= 6
    users = Item(Clip(Path("steps.wav")), 86400 + 200, 10)
    foley_items(well).append(users)
    copy = Item(kept.clip, 86400 + 300, 30)
    well.timeline.track("Audio 1").items.append(copy)

    well.choose()

    assert well.placed() == [*PLACES, (200, 10, "steps")]
    assert users in foley_items(well)
    assert kept in foley_items(well)
    assert well.timeline.track("Audio 1").items == [copy]
    assert "2 sounds placed, 1 were there already, 2 old ones removed." in well.told


def test_a_shot_that_lost_its_caption_loses_its_sound(well: Desk, one_missing: Path) -> None:
    well.choose()
    well.play(one_missing)

    well.choose()

    assert desk_captions(well) == ["a-glass-breaks", "a-dog-barks"]
    assert "1 old ones removed" in well.told


def test_a_locked_track_is_told_and_nothing_is_changed(well: Desk) -> None:
    well.choose()
    before = list(foley_items(well))
    before[0].start += 3
    well.timeline.track("DiffAVA Foley").locked = True

    well.choose()

    assert "The track DiffAVA Foley is locked" in well.told
    assert foley_items(well) == before


def test_a_track_that_is_switched_off_is_told(well: Desk) -> None:
    well.timeline.tracks.append(Track("audio", "DiffAVA Foley", enabled=False))

    well.choose()

    assert well.placed() == PLACES
    assert "The track DiffAVA Foley is switched off" in well.told


def test_a_track_that_cannot_be_added_is_told(well: Desk) -> None:
    well.timeline.adds_tracks = False

    well.choose()

    assert "would not add the audio track DiffAVA Foley" in well.told


def test_stop_ends_the_command_and_places_nothing(desk: Desk) -> None:
    started = '{"event": "shot_started", "caption": "rain", "clip": "1"}'
    note, interrupted = desk.commands / "pid", desk.commands / "interrupted"
    body = (
        "import atexit, os, signal;"
        # What a shell starts in the background is born deaf to it, and its children after it.
        " signal.signal(signal.SIGINT, signal.default_int_handler);"
        f" open({str(note)!r}, 'w').write(str(os.getpid()));"
        f" atexit.register(open, {str(interrupted)!r}, 'w');"
        f" print({started!r}, flush=True); time.sleep(60)"
    )
    desk.install(script(desk.commands / "foley", SAYS, body=body))
    desk.presses = ["when it has started"]

    def press_when_started() -> None:
        presses = desk.windows.presses  # type: ignore[union-attr]
        if presses == ["when it has started"] and note.exists() and note.read_text():
            presses[:] = ["Stop"]

    desk.on_step = press_when_started
    begun = time.monotonic()
    desk.choose()

    assert "Stopped" in desk.told
    assert time.monotonic() - begun < 30
    assert interrupted.exists(), "it had no chance to end by itself"
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
    assert [track.name for track in desk.timeline.of("audio")] == ["Audio 1"]


def test_a_picture_that_was_cut_meanwhile_gets_no_sounds(well: Desk) -> None:
    def cut() -> None:
        well.timeline.track("V1").items[1].length = 7

    well.on_step = cut

    well.choose()

    assert "The picture was cut while the sounds were made" in well.told
    assert well.placed() == []


def test_another_timeline_opened_meanwhile_gets_no_sounds(well: Desk, project: Path) -> None:
    other = Timeline("another", project)
    well.project.timelines.append(other)

    def open_the_other() -> None:
        if well.windows is not None and len(well.windows.seen) == 1:
            well.project.timeline = other

    well.on_step = open_the_other

    well.choose()

    assert well.placed() == PLACES
    assert [track.name for track in other.of("audio")] == ["Audio 1"]


def test_another_frame_rate_than_the_exports_is_refused(well: Desk) -> None:
    well.timeline.rate = "25"

    well.choose()

    assert "25.000 frames a second and its export at 24.000" in well.told
    assert well.placed() == []


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

    assert [(item.source_start, item.length) for item in foley_items(desk)] == [
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
