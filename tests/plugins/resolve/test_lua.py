"""The two menu entries of the free edition, in a real Lua without what its sandbox lacks."""

import json
import shlex
from pathlib import Path

import pytest
from plugins.resolve.conftest import Desk
from plugins.resolve.sandbox import RUNTIMES, Sandbox
from plugins.resolve.stand_in import Clip, Item, Project, Resolve, Timeline, Track
from plugins.resolve.test_action import PLACES

from diffava_foley.timeline.lua import lua

EXPORT, PLACE = "DiffAVA Foley 1 - Export.lua", "DiffAVA Foley 2 - Place.lua"
COMMAND = Path("/opt/foley/bin/diffava-foley")


@pytest.fixture
def free(desk: Desk) -> Desk:
    """A desk with the free edition and the scripts installed."""
    desk.resolve.edition = "DaVinci Resolve"
    desk.install(COMMAND)
    return desk


@pytest.fixture
def made(free: Desk, all_well: Path) -> Desk:
    """The same, exported, after the user ran the command."""
    choose(free, EXPORT)
    put_sounds(free, all_well)
    return free


def choose(desk: Desk, entry: str, runtime: str = "luajit") -> None:
    scripts = desk.root / ".local/share/DaVinciResolve/Fusion/Scripts/Utility"
    Sandbox(desk.resolve, runtime).run(scripts / entry)


def report(desk: Desk) -> tuple[str, str]:
    """The note and the colour of the one marker in which the scripts report."""
    (mark,) = [mark for mark in desk.timeline.markers.values() if mark["name"] == "DiffAVA Foley"]
    return mark["note"], mark["color"]


def command_line(desk: Desk) -> list[str]:
    return shlex.split(report(desk)[0].splitlines()[1])


def put_sounds(desk: Desk, run: Path) -> None:
    """What the recorded command wrote, as if it had been run for this export, its sheet in Lua."""
    recorded = json.loads(run.read_text())["stem"]
    line = command_line(desk)
    sheet = json.loads(Path(f"{recorded}-foley.json").read_text())
    Path(line[line.index("--cue-sheet") + 1]).write_text(f"return {lua(sheet)}\n")
    desk.folder.joinpath("sounds").symlink_to(Path(recorded).parent)
    text = Path(line[-1]).read_text()
    Path(line[-1]).write_text(text.replace(str(Path(recorded).parent), str(desk.folder / "sounds")))


def items(desk: Desk) -> list[Item]:
    return desk.timeline.track("DiffAVA Foley").items


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_export_writes_the_timeline_and_says_what_to_type(free: Desk, runtime: str) -> None:
    choose(free, EXPORT, runtime)

    line, (note, colour) = command_line(free), report(free)
    assert colour == "Green"
    assert line[:2] == [str(COMMAND), "batch"]
    assert Path(line[2]).is_file()
    assert line[3:] == [
        "--overwrite",
        "--track-name",
        "DiffAVA Foley",
        "--cue-sheet",
        line[2].replace(".otio", "-foley.lua"),
    ]
    assert "DiffAVA Foley 2 - Place" in note


def test_the_command_that_is_told_is_one_that_batch_understands(free: Desk) -> None:
    from diffava_foley.cli.batch import batch

    choose(free, EXPORT)

    context = batch.make_context("batch", command_line(free)[2:])
    assert context.params["timeline"].is_file()
    assert context.params["cue_sheet"].suffix == ".lua"
    assert context.params["track_name"] == "DiffAVA Foley"


def test_both_languages_export_to_the_same_file(free: Desk, all_well: Path) -> None:
    free.timeline.name = "--Der Türsteher / 2 und ein viel zu langer Name für eine Datei"
    choose(free, EXPORT)
    free.play(all_well)

    free.choose()

    exports = [path for path in free.folder.glob("*.otio") if "-foley" not in path.name]
    assert len(exports) == 1
    assert exports[0].name.isascii()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_place_puts_every_sound_under_its_picture(made: Desk, runtime: str) -> None:
    choose(made, PLACE, runtime)

    assert made.placed() == PLACES
    note, colour = report(made)
    assert note == "3 sounds placed, 0 were there already, 0 old ones removed."
    assert colour == "Green"
    assert made.timeline.track("DiffAVA Foley").subtype == "stereo"


def test_without_sounds_place_says_what_to_do_first(free: Desk) -> None:
    choose(free, PLACE)

    note, colour = report(free)
    assert "There are no sounds yet" in note
    assert colour == "Red"
    assert [track.name for track in free.timeline.of("audio")] == ["Audio 1"]


def test_a_sheet_can_run_nothing(made: Desk) -> None:
    sheet = Path(command_line(made)[-1])
    project = "resolve:GetProjectManager():GetCurrentProject()"
    sheet.write_text(
        f"{project}:GetCurrentTimeline():SetCurrentTimecode('09:00:00:00') return {{}}"
    )

    choose(made, PLACE)

    assert "cannot be read" in report(made)[0]
    assert made.timeline.timecode == "01:00:00:00"


def test_a_refused_export_is_told(free: Desk) -> None:
    free.timeline.exports = False

    choose(free, EXPORT)

    note, colour = report(free)
    assert "did not export the timeline" in note
    assert colour == "Red"


@pytest.mark.parametrize("entry", [EXPORT, PLACE])
def test_without_a_timeline_it_is_an_error_for_resolves_own_log(free: Desk, entry: str) -> None:
    free.project.timeline = None

    with pytest.raises(Exception, match="No timeline is open"):
        choose(free, entry)


def test_the_report_gives_way_to_the_users_markers_and_to_the_next_report(made: Desk) -> None:
    made.timeline.markers.clear()
    made.timeline.AddMarker(0, "Blue", "mine", "rain falls", 1)

    choose(made, PLACE)
    choose(made, PLACE)

    assert made.timeline.markers[0]["name"] == "mine"
    assert "3 were there already" in report(made)[0]


def test_export_takes_the_report_out_of_the_timeline_before(made: Desk) -> None:
    choose(made, PLACE)
    seen = []
    export = made.timeline.Export

    def noting(*arguments: object) -> bool:
        seen.append(dict(made.timeline.markers))
        return export(*arguments)  # type: ignore[arg-type]

    made.timeline.Export = noting  # type: ignore[method-assign]
    choose(made, EXPORT)

    assert seen == [{}]


def test_a_second_run_replaces_its_own_clips_only(made: Desk) -> None:
    choose(made, PLACE)
    moved, kept, gone = items(made)
    moved.start += 3
    gone.length -= 6
    users = Item(Clip(Path("steps.wav")), 86400 + 200, 10)
    items(made).append(users)
    copy = Item(kept.clip, 86400 + 300, 30)
    made.timeline.track("Audio 1").items.append(copy)

    choose(made, PLACE)

    assert made.placed() == [*PLACES, (200, 10, "steps")]
    assert users in items(made)
    assert kept in items(made)
    assert made.timeline.track("Audio 1").items == [copy]
    assert report(made)[0] == "2 sounds placed, 1 were there already, 2 old ones removed."


def test_a_dropped_sound_is_told_with_what_lies_in_its_place(made: Desk) -> None:
    music = Item(Clip(Path("music.wav")), 86400 + 60, 100)
    made.timeline.tracks.append(Track("audio", "DiffAVA Foley", items=[music]))

    choose(made, PLACE)

    note, colour = report(made)
    assert "rain falls: music.wav lies in its place" in note
    assert "File > Import > Timeline" in note
    assert colour == "Red"


def test_a_file_resolve_does_not_import_is_told(made: Desk) -> None:
    made.project.pool.refused = ("rain",)

    choose(made, PLACE)

    assert [caption for *_, caption in made.placed()] == ["a-glass-breaks", "a-dog-barks"]
    assert "rain falls: Resolve did not import it" in report(made)[0]


def test_when_nothing_is_imported_everything_stays_as_it_was(made: Desk) -> None:
    choose(made, PLACE)
    before = list(items(made))
    before[0].start += 3  # a run that places anything would take it away
    made.project.pool.root.folders.clear()
    made.project.pool.refused = (".wav",)

    choose(made, PLACE)

    assert items(made) == before
    assert "Resolve imported none of the sounds" in report(made)[0]


def test_a_locked_track_is_told_and_nothing_is_changed(made: Desk) -> None:
    choose(made, PLACE)
    items(made)[0].start += 3
    before = list(items(made))
    made.timeline.track("DiffAVA Foley").locked = True

    choose(made, PLACE)

    assert items(made) == before
    assert "The track DiffAVA Foley is locked" in report(made)[0]


def test_a_whole_file_that_comes_short_is_placed_by_its_frames(made: Desk) -> None:
    made.timeline.whole_file_is_short = True

    choose(made, PLACE)

    assert made.placed() == PLACES


def test_handles_are_left_out_of_sight(made: Desk) -> None:
    sheet = Path(command_line(made)[-1])
    handles = '["frames"] = 14, ["head"] = 6, ["tail"] = 4'
    text = sheet.read_text()
    assert '["frames"] = 24, ["head"] = 0, ["tail"] = 0' in text
    sheet.write_text(text.replace('["frames"] = 24, ["head"] = 0, ["tail"] = 0', handles))

    choose(made, PLACE)

    assert [(item.source_start, item.length) for item in items(made)] == [(6, 14), (0, 30), (0, 18)]


def test_another_frame_rate_is_refused(made: Desk) -> None:
    made.timeline.rate = "25"

    choose(made, PLACE)

    assert "another frame rate" in report(made)[0]
    assert made.placed() == []


def test_dead_objects_are_no_sounds(made: Desk) -> None:
    dead = Item(None, 10**9, 24, dead=True)
    made.timeline.tracks.append(Track("audio", "DiffAVA Foley", items=[dead]))

    choose(made, PLACE)

    assert report(made)[0].startswith("3 sounds placed")


def test_another_timeline_has_sounds_of_its_own(made: Desk, project: Path) -> None:
    other = Timeline("another cut", project)
    made.resolve.project = Project([other], other)

    choose(made, PLACE)

    assert "There are no sounds yet" in next(iter(other.markers.values()))["note"]


def test_an_unknown_name_on_an_object_is_an_error_that_is_told(
    free: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Resolve, "EXPORT_OTIO", None)

    choose(free, EXPORT)

    assert "18.5 or newer" in report(free)[0]
