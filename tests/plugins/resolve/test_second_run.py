"""The menu entry chosen once more."""

from pathlib import Path

from plugins.resolve.conftest import PLACES, Desk
from plugins.resolve.stand_in import Clip, Item


def test_a_second_run_leaves_what_is_right_where_it_is(well: Desk) -> None:
    well.choose()
    before = list(map(id, well.items))

    well.choose()

    assert list(map(id, well.items)) == before
    assert "0 sounds placed, 3 were there already, 0 old ones removed." in well.told
    assert len(well.project.pool.root.folders[0].clips) == 3


def test_a_second_run_replaces_its_own_clips_only(well: Desk) -> None:
    well.choose()
    moved, kept, gone = well.items
    moved.start += 3
    gone.length -= 6
    users = Item(Clip(Path("steps.wav")), 86400 + 200, 10)
    well.items.append(users)
    copy = Item(kept.clip, 86400 + 300, 30)
    well.timeline.track("Audio 1").items.append(copy)

    well.choose()

    assert well.placed() == [*PLACES, (200, 10, "steps")]
    assert users in well.items
    assert kept in well.items
    assert well.timeline.track("Audio 1").items == [copy]
    assert "2 sounds placed, 1 were there already, 2 old ones removed." in well.told


def test_a_shot_that_lost_its_caption_loses_its_sound(well: Desk, one_missing: Path) -> None:
    well.choose()
    well.play(one_missing)

    well.choose()

    assert well.captions == ["a-glass-breaks", "a-dog-barks"]
    assert "1 old ones removed" in well.told
