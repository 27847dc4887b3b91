"""What stops the menu entry, before the command runs, while it does and after."""

import json
import os
import time
from pathlib import Path

import pytest
from plugins.resolve.conftest import PLACES, SAYS, Desk, script
from plugins.resolve.stand_in import Resolve, Timeline, Track

from diffava_foley.installation.folders import installed_command


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


def test_a_locked_track_is_told_and_nothing_is_changed(well: Desk) -> None:
    well.choose()
    before = list(well.items)
    before[0].start += 3
    well.timeline.track("DiffAVA Foley").locked = True

    well.choose()

    assert "The track DiffAVA Foley is locked" in well.told
    assert well.items == before


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
