"""Which clips are tried, and with which of their captions."""

from fractions import Fraction
from pathlib import Path

import pytest
from media.drawing import Clip, draw
from training.footage import manifest

from diffava_foley.evaluation.excerpts import Excerpt, Failed
from diffava_foley.evaluation.testlist import read_list

TEN = Fraction(10)
AUDIOCAPS = "audiocap_id,youtube_id,start_time,caption"
CAPTIONS = ("one", "two", "three", "four", "five")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Three clips of a second, as AudioCaps' downloaders name them."""
    for name in ("aaa_30", "bbb_30", "ccc"):
        draw(tmp_path / f"{name}.mp4", Clip(frames=24))
    return tmp_path


def audiocaps(folder: Path, clips: tuple[str, ...]) -> Path:
    rows = [[n, clip, 30, said] for clip in clips for n, said in enumerate(CAPTIONS)]
    return manifest(folder / "test.csv", rows, AUDIOCAPS)


def captions(media: Path, clips: tuple[str, ...], seed: int = 0) -> dict[str, str]:
    listed = audiocaps(media, clips)
    return {one.name: one.caption for one in read_list(listed, media, TEN, seed=seed)}


def test_of_several_captions_of_a_clip_the_seed_chooses_one(media: Path) -> None:
    clips = ("aaa", "bbb", "ccc")
    by_seed = [captions(media, clips, seed) for seed in range(20)]

    assert all(len(chosen) == 3 and set(chosen.values()) <= set(CAPTIONS) for chosen in by_seed)
    assert captions(media, clips, 3) == by_seed[3]
    assert {chosen["aaa at 30 s"] for chosen in by_seed} == set(CAPTIONS)
    assert any(len(set(chosen.values())) > 1 for chosen in by_seed)


def test_the_choice_does_not_hang_on_where_a_clip_stands(media: Path) -> None:
    together = captions(media, ("ccc", "bbb", "aaa"))

    assert captions(media, ("aaa",)).items() <= together.items()


def test_a_file_that_is_the_clip_itself_begins_at_its_beginning(media: Path) -> None:
    found = read_list(audiocaps(media, ("aaa", "ccc")), media, TEN)

    assert all(isinstance(one, Excerpt) for one in found)
    assert {(one.start, one.duration) for one in found} == {(0, 1)}  # type: ignore[union-attr]


def test_of_a_whole_film_the_part_that_is_meant_is_taken(media: Path) -> None:
    listed = manifest(
        media / "list.csv", [["ccc.mp4", "0.25", "0.5", "rain"]], "clip,start,duration,caption"
    )

    (one,) = read_list(listed, None, TEN)

    assert isinstance(one, Excerpt)
    assert (one.start, one.duration, one.rate) == (Fraction(1, 4), Fraction(1, 2), 24)
    assert one.request.picture.media_moments([Fraction(1, 8)]) == (Fraction(3, 8),)


def test_a_limit_takes_the_same_clips_whatever_their_order(media: Path) -> None:
    first = [one.name for one in read_list(audiocaps(media, ("aaa", "bbb")), media, TEN, limit=1)]

    assert len(first) == 1
    listed = audiocaps(media, ("bbb", "aaa"))
    assert [one.name for one in read_list(listed, media, TEN, limit=1)] == first


def test_what_cannot_be_found_has_failed_with_its_reason(media: Path) -> None:
    listed = manifest(
        media / "list.csv",
        [["nowhere.mp4", 0, "rain"], ["ccc.mp4", 0.9, "late"]],
        "clip,start,caption",
    )

    found = {one.name: one for one in read_list(listed, None, TEN)}

    missing, late = found["nowhere.mp4"], found["ccc.mp4 at 0.9 s"]
    assert isinstance(missing, Failed)
    assert "no such file" in missing.reason
    assert isinstance(late, Failed)
    assert "0.10 s after the start" in late.reason
