"""The cut that Blender hands over means to the command what it means in Blender."""

import json
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from blender_addon.captions import Cue
from blender_addon.cut import Images, Movie, Picture, row_of, scene_rate, snap, timeline
from media.drawing import Clip, draw, draw_image, number_picture

from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import Shot

RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001)]
FLOAT32 = 1.0010000467300415
"""1.001 as Blender keeps it."""


@pytest.fixture(scope="session")
def movies(tmp_path_factory: pytest.TempPathFactory) -> dict[Fraction, Movie]:
    """A movie of 60 frames at every rate."""
    folder = tmp_path_factory.mktemp("movies")
    rates = [Fraction(12), *RATES]
    paths = [draw(folder / f"{n}.mp4", Clip(rate=rate, frames=60)) for n, rate in enumerate(rates)]
    return {rate: Movie(str(path), rate, 60) for rate, path in zip(rates, paths, strict=True)}


def shots_of(folder: Path, rate: Fraction, *pictures: Picture) -> tuple[Shot, ...]:
    """What the command understands."""
    path = folder / "cut.otio"
    path.write_text(json.dumps(timeline("cut", rate, pictures)))
    plan = read(path)
    assert plan.rate == rate
    return plan.shots


def frames_of(shot: Shot, rate: Fraction) -> list[int]:
    """The media frames that a shot shows, one for every frame of the timeline."""
    assert shot.problem is None
    assert shot.retime is not None
    count = round(shot.duration * rate)
    return [shot.retime.media_frame((k + Fraction(1, 2)) / rate) for k in range(count)]


@pytest.mark.parametrize(
    ("fps", "base", "rate"),
    [
        (24, 1.0, Fraction(24)),
        (24, FLOAT32, Fraction(24000, 1001)),
        (30, FLOAT32, Fraction(30000, 1001)),
        (60, FLOAT32, Fraction(60000, 1001)),
        (2997, 100.0, Fraction(30000, 1001)),
        (25, 2.0, Fraction(25, 2)),
    ],
)
def test_a_rate_is_what_was_meant(fps: float, base: float, rate: Fraction) -> None:
    assert scene_rate(fps, base) == rate


def test_a_media_rate_is_what_was_meant() -> None:
    assert snap(29.970029830932617) == Fraction(30000, 1001)
    assert snap(23.976024627685547) == Fraction(24000, 1001)
    assert snap(24.0) == 24


@pytest.mark.parametrize("rate", RATES)
def test_strips_are_where_they_were_whatever_the_rate(
    tmp_path: Path, movies: dict[Fraction, Movie], rate: Fraction
) -> None:
    movie = movies[rate]
    one = Picture("one", movie, 10, 20, Fraction(3), Fraction(1), (Cue("a dog barks", 10),))
    two = Picture("two", movie, 47, 7, Fraction(0), Fraction(1), (Cue("rain falls", 47),))
    over = Picture("over", movie, 25, 30, Fraction(9), Fraction(1), (Cue("glass", 25),))

    shots = shots_of(tmp_path, rate, two, one, over)

    assert [(s.clip, s.caption) for s in shots] == [
        ("one", "a dog barks"),
        ("over", "glass"),
        ("two", "rain falls"),
    ]
    assert [(s.start * rate, s.duration * rate) for s in shots] == [(0, 20), (15, 30), (37, 7)]
    assert [frames_of(shot, rate)[0] for shot in shots] == [3, 9, 0]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("media_rate", [Fraction(12), *RATES])
@pytest.mark.parametrize("first", [Fraction(0), Fraction(7), Fraction(5, 2)])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("by_frames", [False, True])
def test_every_frame_is_the_last_that_has_begun(
    tmp_path: Path,
    movies: dict[Fraction, Movie],
    rate: Fraction,
    media_rate: Fraction,
    first: Fraction,
    backwards: bool,
    by_frames: bool,
) -> None:
    step = Fraction(1) if by_frames else media_rate / rate
    first, step = (50 - first, -step) if backwards else (first, step)
    picture = Picture("a", movies[media_rate], 1, 20, first, step, (Cue("rain falls", 1),))

    (shot,) = shots_of(tmp_path, rate, picture)

    begun = [floor(first + k * step) for k in range(20)]
    assert frames_of(shot, rate) == begun


@pytest.mark.parametrize("rate", RATES)
def test_markers_split_a_strip_on_their_frames(
    tmp_path: Path, movies: dict[Fraction, Movie], rate: Fraction
) -> None:
    movie = movies[Fraction(12)]
    cues = (Cue("rain falls", 105), Cue("a dog barks", 113), Cue("glass breaks", 121))
    picture = Picture("a", movie, 100, 30, Fraction(0), Fraction(12) / rate, cues)

    shots = shots_of(tmp_path, rate, picture)

    assert [(s.caption, s.start * rate, s.duration * rate) for s in shots] == [
        ("rain falls", 0, 13),
        ("a dog barks", 13, 8),
        ("glass breaks", 21, 9),
    ]


def test_a_strip_pulled_out_beyond_its_media_holds_its_ends(tmp_path: Path) -> None:
    movie = Movie(str(draw(tmp_path / "a.mp4", Clip(frames=6))), Fraction(24), 6)
    picture = Picture("a", movie, 1, 12, Fraction(-3), Fraction(1), (Cue("rain falls", 1),))

    (shot,) = shots_of(tmp_path, Fraction(24), picture)

    assert frames_of(shot, Fraction(24)) == [0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 5]


def test_images_in_a_row_are_found_each_by_its_number(tmp_path: Path) -> None:
    names = tuple(f"im.{n:04d}.png" for n in range(998, 1008))
    for number, name in enumerate(names):
        draw_image(tmp_path / name, number_picture(number))
    images = Images(str(tmp_path), names)
    picture = Picture("a", images, 1, 6, Fraction(2), Fraction(1), (Cue("rain falls", 1),))

    (shot,) = shots_of(tmp_path, Fraction(25), picture)

    assert frames_of(shot, Fraction(25)) == [2, 3, 4, 5, 6, 7]
    assert shot.source is not None
    assert shot.source.image(2).name == "im.1000.png"


def test_a_still_is_found(tmp_path: Path) -> None:
    draw_image(tmp_path / "still.png", number_picture(5))
    still = Images(str(tmp_path), ("still.png",))
    picture = Picture("a", still, 1, 50, Fraction(0), Fraction(1), (Cue("rain falls", 1),))

    (shot,) = shots_of(tmp_path, Fraction(25), picture)

    assert shot.problem is None
    assert shot.duration == 2


@pytest.mark.parametrize(
    ("names", "row"),
    [
        (("a1.png", "a2.png"), ("a", 1, 1, ".png")),
        (("a_009.png", "a_010.png"), ("a_", 9, 3, ".png")),
        (("v2.09.exr", "v2.10.exr"), ("v2.", 9, 2, ".exr")),
        (("a9.png", "a10.png"), ("a", 9, 1, ".png")),
        (("a1.png", "a3.png"), None),
        (("a2.png", "a1.png"), None),
        (("a.png", "b.png"), None),
        (("a1.png",), None),
    ],
)
def test_a_row_of_images_is_told_from_a_heap(
    names: tuple[str, ...], row: tuple[str, int, int, str] | None
) -> None:
    assert row_of(names) == row
