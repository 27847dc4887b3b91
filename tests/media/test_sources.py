from fractions import Fraction
from pathlib import Path

import pytest

from diffava_foley.errors import MediaError, MissingMedia
from diffava_foley.media.sources import (
    MovieSource,
    SequenceSource,
    StillSource,
    source_from_path,
)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"")


def test_a_file_is_a_movie_and_an_image_a_still(tmp_path):
    touch(tmp_path, "shot.mov", "plate.PNG", "loop.gif")

    assert source_from_path(tmp_path / "shot.mov") == MovieSource(tmp_path / "shot.mov")
    assert source_from_path(tmp_path / "plate.PNG") == StillSource(tmp_path / "plate.PNG")
    assert isinstance(source_from_path(tmp_path / "loop.gif"), MovieSource)


@pytest.mark.parametrize("name", ["shot.%04d.png", "shot.####.png"])
def test_a_pattern_is_the_sequence_on_disk(tmp_path, name):
    touch(tmp_path, "shot.0997.png", "shot.0998.png", "shot.0999.png", "shot.1000.png", "shot.png")

    source = source_from_path(tmp_path / name, Fraction(25))

    assert source == SequenceSource(tmp_path, "shot.", ".png", 4, 997, 4, Fraction(25))
    assert source.image(3) == tmp_path / "shot.1000.png"


def test_unpadded_numbers_are_read_as_numbers(tmp_path):
    touch(tmp_path, "a9.png", "a10.png", "a011.png")

    source = source_from_path(tmp_path / "a%d.png")

    assert (source.first, source.count, source.on_disk()) == (9, 2, (0, 1))


def test_a_file_named_like_a_pattern_is_that_file(tmp_path):
    touch(tmp_path, "take#1.mov", "100%d.mov")

    assert source_from_path(tmp_path / "take#1.mov") == MovieSource(tmp_path / "take#1.mov")
    assert source_from_path(tmp_path / "100%d.mov") == MovieSource(tmp_path / "100%d.mov")


def test_the_numbers_of_a_stepped_sequence_go_up_by_the_step(tmp_path):
    source = SequenceSource(tmp_path, "a.", ".exr", 3, 10, 3, Fraction(24), step=2)
    touch(tmp_path, "a.010.exr", "a.011.exr", "a.014.exr", "a.016.exr")

    assert [source.image(i).name for i in range(3)] == ["a.010.exr", "a.012.exr", "a.014.exr"]
    assert source.on_disk() == (0, 2)
    assert source.image_seconds == Fraction(1, 12)


def test_negative_numbers_keep_their_padding(tmp_path):
    source = SequenceSource(tmp_path, "a.", ".exr", 4, -1, 2, Fraction(24))
    touch(tmp_path, "a.-0001.exr", "a.0000.exr")

    assert source.on_disk() == (0, 1)


@pytest.mark.parametrize(
    "name",
    [
        "http://example.org/a.mp4",
        "concat:/etc/hostname|/etc/passwd",
        "data:video/mp4;base64,AAAA" + "A" * 5000,
        "pipe:0",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "file:/etc/passwd",
    ],
)
def test_an_address_is_not_a_file(name):
    with pytest.raises(MissingMedia):
        source_from_path(Path(name))


@pytest.mark.parametrize("name", ["gone.mov", "gone.%04d.png", "folder/gone.####.png"])
def test_what_is_not_there_is_missing(tmp_path, name):
    with pytest.raises(MissingMedia, match=r"gone|folder"):
        source_from_path(tmp_path / name)


def test_a_folder_is_refused_with_advice(tmp_path):
    with pytest.raises(MediaError, match="this is a folder"):
        source_from_path(tmp_path)


def test_a_sequence_without_rate_is_refused(tmp_path):
    with pytest.raises(MediaError, match="above zero"):
        SequenceSource(tmp_path, "a", ".png", 4, 1, 1, Fraction(0))
