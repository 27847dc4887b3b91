"""The figure: the same plate is the same file, and nothing of the caller's is touched or lost."""

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from diffava_foley.errors import OutputError
from diffava_foley.evaluation import figure
from diffava_foley.evaluation.plates import Plate, Sound

RATE = 16_000


@pytest.fixture(scope="module")
def plate() -> Plate:
    """Two seconds from 3 s on: four frames of one colour each, a tone that begins halfway."""
    colours = np.array([[200, 0, 0], [0, 200, 0], [0, 0, 200], [200, 200, 0]], np.uint8)
    frames = np.broadcast_to(colours[:, None, None], (4, 36, 64, 3))
    time = np.arange(2 * RATE) / RATE
    tone = (np.sin(2 * np.pi * 1000 * time) * (time >= 1)).astype(np.float32)
    sounds = (Sound("AudioLDM, text only", tone, RATE), Sound("DiffAVA", tone, RATE))
    return Plate("a dog barks", Fraction(3), Fraction(2), frames, sounds, "seed 7 · CC0-1.0")


@pytest.fixture(scope="module")
def drawn(plate: Plate) -> Figure:
    return figure.draw(plate)


@pytest.fixture(scope="module")
def written(plate: Plate, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("figures")
    paths = (folder / "a.png", folder / "a.svg")
    figure.write(plate, paths)
    return paths


def texts(drawn: Figure) -> list[str]:
    titles = [axes.get_title(loc="left") for axes in drawn.axes]
    return [*(text.get_text() for text in drawn.texts), *titles]


def settings() -> dict[str, object]:
    """The caller's settings; to read the backend's would choose one."""
    return {name: rcParams[name] for name in rcParams if name != "backend"}


def test_caption_sounds_and_small_print_are_on_it(drawn: Figure) -> None:
    assert {"“a dog barks”", "AudioLDM, text only", "DiffAVA", "seed 7 · CC0-1.0"} <= {
        *texts(drawn)
    }


def test_words_of_any_length_stay_on_the_figure(plate: Plate) -> None:
    caption = "a wooden door creaks open for $5, and slams shut for $6_, " * 4 + "brrr" * 40
    small_print = " · ".join(["weights in a folder with quite a long name", "CC-BY-SA-4.0"] * 6)

    drawn = figure.draw(replace(plate, caption=caption, small_print=small_print))

    FigureCanvasAgg(drawn).draw()
    assert len(drawn.texts) > 5
    for text in drawn.texts:
        box = text.get_window_extent()
        assert drawn.bbox.x0 <= box.x0 < box.x1 <= drawn.bbox.x1
        assert drawn.bbox.y0 <= box.y0 < box.y1 <= drawn.bbox.y1
    together = "".join(text.get_text() for text in drawn.texts)
    assert together.replace(" ", "") == f"“{caption}”{small_print}".replace(" ", "")
    boxes = [text.get_window_extent() for text in drawn.texts]
    panels = [axes.get_window_extent() for axes in drawn.axes]
    assert not any(box.overlaps(panel) for box in boxes for panel in panels)


def test_frames_and_sounds_share_one_axis_of_time(drawn: Figure) -> None:
    strip, first, second, _ = drawn.axes

    assert {axes.get_xlim() for axes in (strip, first, second)} == {(3.0, 5.0)}
    places = [axes.get_position() for axes in (strip, first, second)]
    assert len({(place.x0, place.x1) for place in places}) == 1
    assert [tuple(image.get_extent()[:2]) for image in strip.images] == [
        (3.0, 3.5),
        (3.5, 4.0),
        (4.0, 4.5),
        (4.5, 5.0),
    ]


def test_a_sound_that_begins_halfway_is_seen_to(drawn: Figure) -> None:
    image = np.asarray(drawn.axes[1].images[0].get_array())
    loud = image.max(axis=0) > -20

    assert not loud[: image.shape[1] // 2 - 5].any()
    assert loud[image.shape[1] // 2 + 5 :].all()


def test_the_picture_has_the_frames_over_their_sounds(written: tuple[Path, Path]) -> None:
    picture = np.asarray(Image.open(written[0]).convert("RGB")).astype(int)
    row = picture[int((figure.ABOVE + figure.CAPTION_LINE) * figure.DOTS) + 40]
    edges = np.linspace(figure.LEFT, figure.WIDTH - figure.RIGHT, 9)[1::2] * figure.DOTS

    seen = row[edges.astype(int)]

    assert np.abs(seen - [[200, 0, 0], [0, 200, 0], [0, 0, 200], [200, 200, 0]]).max() <= 2


def test_the_same_plate_is_the_same_file(
    plate: Plate, written: tuple[Path, Path], tmp_path: Path
) -> None:
    for before in written:
        again = tmp_path / before.name
        figure.write(plate, [again])
        assert again.read_bytes() == before.read_bytes()
    assert b"<dc:date>" not in written[1].read_bytes()


def test_the_callers_matplotlib_is_left_alone(
    plate: Plate, written: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rcParams, "axes.facecolor", "red")
    before = settings()

    figure.write(plate, [tmp_path / "b.png"])

    assert settings() == before
    assert "matplotlib.pyplot" not in sys.modules
    assert (tmp_path / "b.png").read_bytes() == written[0].read_bytes()


def test_nothing_is_overwritten_unasked(plate: Plate, tmp_path: Path) -> None:
    path = tmp_path / "mine.png"
    path.write_text("somebody's work")

    with pytest.raises(OutputError, match="already"):
        figure.write(plate, [path])

    assert path.read_text() == "somebody's work"
    assert list(tmp_path.iterdir()) == [path]


def test_only_png_and_svg_are_pictures(plate: Plate, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"ends in \.png or \.svg"):
        figure.write(plate, [tmp_path / "a.jpg"])


def test_a_tall_picture_is_cut_to_its_middle() -> None:
    frame = np.zeros((100, 40, 3), np.uint8)
    frame[45:55] = 255

    cut = figure._cropped(frame, 4.0)

    assert cut.shape == (10, 40, 3)
    assert (cut == 255).all()
