from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from diffava_foley.errors import FoleyError
from diffava_foley.training.embedded import classes, pictures
from diffava_foley.training.embedded.pictures import Collections, Picture


def test_no_picture_is_both_trained_on_and_held_out() -> None:
    training, held_out = pictures.read(pictures.TRAINING), pictures.read(pictures.HELD_OUT)

    def places(some: tuple[Picture, ...]) -> set[tuple[str, str]]:
        return {(picture.collection, picture.picture) for picture in some}

    assert not places(training) & places(held_out)
    assert max(Counter((p.collection, p.picture) for p in (*training, *held_out)).values()) == 1
    assert len(held_out) > 50


def test_every_picture_is_of_a_sound_that_is_taught_and_says_whose_it_is() -> None:
    taught = {sound.name for sound in classes.SOUNDS}

    for picture in (*pictures.read(pictures.TRAINING), *pictures.read(pictures.HELD_OUT)):
        assert picture.sound in taught
        assert picture.author
        assert picture.licence


def test_every_sound_that_is_held_out_was_trained_on_other_pictures() -> None:
    seen = {picture.sound for picture in pictures.read(pictures.TRAINING)}

    assert {picture.sound for picture in pictures.read(pictures.HELD_OUT)} <= seen


def test_no_character_is_held_out_so_that_the_bench_needs_no_font() -> None:
    assert pictures.EMOJI not in {p.collection for p in pictures.read(pictures.HELD_OUT)}


def test_a_cutout_comes_without_its_empty_rim(tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 30))
    image.paste((0, 0, 255, 255), (5, 6, 25, 16))
    image.save(tmp_path / "dog.png")
    picture = Picture("dog", pictures.HELD_OUT, pictures.CLIPART, "dog.png", "somebody")

    cutout = Collections(tmp_path / "stamps", tmp_path).open(picture)

    assert (cutout.size, cutout.mode) == ((20, 10), "RGBA")


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    picture = Picture("dog", pictures.HELD_OUT, pictures.STAMPS, "dogs/dog.png", "somebody")

    with pytest.raises(FoleyError, match=r"no picture .*dogs.dog.png, unpack the collection"):
        Collections(tmp_path, tmp_path).open(picture)
