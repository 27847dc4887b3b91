from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diffava_foley.evaluation.presence import bench, drawing, scenes
from diffava_foley.media.sources import MovieSource
from diffava_foley.media.video import open_video
from diffava_foley.training.embedded import pictures
from diffava_foley.training.embedded.pictures import Collections, Picture

RED = (255, 0, 0, 255)


@pytest.fixture
def collections(tmp_path: Path) -> Collections:
    """One picture, a red square with an empty rim."""
    image = Image.new("RGBA", (60, 60))
    image.paste(RED, (10, 10, 50, 50))
    (tmp_path / "stamps").mkdir()
    image.save(tmp_path / "stamps" / "dog.png")
    return Collections(tmp_path / "stamps", tmp_path / "clipart")


def scene(entrance: str, backdrop: str = "colours") -> scenes.Scene:
    picture = Picture("dog", pictures.HELD_OUT, pictures.STAMPS, "dog.png", "somebody")
    stay = scenes.Stay(
        picture, Fraction(1), Fraction(5, 2), entrance, 0.5, (0.5, 0.5), mirrored=False
    )
    return scenes.Scene("one-000", "a dog", backdrop, 1, (stay,), Fraction(4))


def visible(frame: np.ndarray) -> float:
    """The share of the whole square, 120 pixels wide, that is red."""
    red = (frame[..., 0] > 200) & (frame[..., 1] < 60) & (frame[..., 2] < 60)
    return float(red.sum()) / 120**2


def test_what_appears_by_a_cut_is_there_from_its_first_frame_to_its_last(
    collections: Collections,
) -> None:
    seen = [visible(frame) > 0.9 for frame in drawing.frames(scene("cut", "drift"), collections)]

    assert len(seen) == 96
    assert [number for number, there in enumerate(seen) if there] == list(range(24, 60))


def test_what_slides_is_half_in_view_at_the_times_that_are_told(collections: Collections) -> None:
    seen = [visible(frame) for frame in drawing.frames(scene("slide", "drift"), collections)]

    there = [number for number, share in enumerate(seen) if share >= 0.5]
    assert there == list(range(24, 60))
    assert 0 < seen[22] < 0.5 < seen[25] < 0.99
    assert seen[24 + scenes.SLIDE // 2] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("backdrop", scenes.BACKDROPS)
def test_backgrounds_that_move_do_and_the_others_do_not(
    backdrop: str, collections: Collections
) -> None:
    frames = list(drawing.frames(scene("cut", backdrop), collections))

    still = np.array_equal(frames[0], frames[7])
    assert still == (backdrop in ("colours", "texture"))
    assert frames[0].shape == (drawing.HEIGHT, drawing.WIDTH, 3)
    assert frames[0].std() > 5


def test_a_bench_is_movies_and_a_manifest_that_reads_back(
    tmp_path: Path, collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = (scene("cut"),)
    monkeypatch.setattr(scenes, "plan", lambda *_: planned)

    made = bench.build(tmp_path / "bench", collections, ones=1, twos=0, seed=0)

    assert bench.read(tmp_path / "bench") == made == planned
    assert '"licence": "GPL-2.0"' in (tmp_path / "bench" / bench.MANIFEST).read_text()
    ((_, movie),) = bench.movies(tmp_path / "bench", made)
    with open_video(MovieSource(movie)) as reader:
        moments = [Fraction(2 * number + 1, 48) for number in range(96)]
        frames = reader.frames(moments, drawing.HEIGHT)
    seen = [visible(frame) > 0.7 for frame in frames]
    assert [number for number, there in enumerate(seen) if there] == list(range(24, 60))


def test_a_bench_can_be_cut_to_sounds_that_are_known() -> None:
    one = scene("cut")

    assert bench.some((one, one), 1, None) == (one,)
    assert bench.some((one,), None, ["cat"]) == ()
    assert bench.some((one,), None, ["dog"]) == (one,)
