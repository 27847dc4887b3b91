"""What Resolve does not import or puts elsewhere."""

from pathlib import Path

from plugins.resolve.conftest import PLACES, Desk
from plugins.resolve.stand_in import Clip, Item, Timeline, Track


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

    assert well.captions == ["a-glass-breaks", "a-dog-barks"]
    assert "rain falls at 00:02:00: Resolve did not import" in well.told


def test_when_nothing_is_imported_everything_stays_as_it_was(well: Desk) -> None:
    well.choose()
    before = list(well.items)
    before[0].start += 3  # a run that places anything would take it away
    well.project.pool.root.folders.clear()
    well.project.pool.refused = (".wav",)
    well.presses = ["No"]

    well.choose()

    assert well.items == before
    assert "0 sounds placed" in well.told


def test_a_dropped_sound_is_told_with_what_lies_in_its_place(well: Desk) -> None:
    music = Item(Clip(Path("music.wav")), 86400 + 60, 100)
    well.timeline.tracks.append(Track("audio", "DiffAVA Foley", items=[music]))
    well.presses = ["No"]

    well.choose()

    assert well.captions == ["a-glass-breaks", "music"]
    assert "rain falls at 00:02:00: music.wav lies in its place" in well.told
    assert "File > Import > Timeline" in well.told


def test_a_sound_dropped_without_a_reason_is_told(well: Desk) -> None:
    well.timeline.drops = {86400 + 48}
    well.presses = ["No"]

    well.choose()

    assert well.captions == ["a-glass-breaks", "a-dog-barks"]
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
