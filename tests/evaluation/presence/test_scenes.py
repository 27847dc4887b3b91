from collections import Counter
from fractions import Fraction
from itertools import islice, pairwise

import numpy as np
import pytest

from diffava_foley.evaluation.presence import scenes
from diffava_foley.training.embedded import classes, pictures
from diffava_foley.training.embedded.pictures import Picture

SHOWN = tuple(
    Picture(sound, pictures.HELD_OUT, pictures.STAMPS, f"{sound}-{number}.png", "somebody")
    for sound in ("dog", "cat", "train")
    for number in range(2)
)


def planned(seed: int = 0, ones: int = 12, twos: int = 9) -> tuple[scenes.Scene, ...]:
    return scenes.plan(SHOWN, np.random.default_rng(seed), ones, twos)


def test_the_same_seed_plans_the_same_bench() -> None:
    assert planned(3) == planned(3)
    assert planned(3) != planned(4)


def test_every_time_is_a_whole_number_of_frames_with_room_around_it() -> None:
    for scene in planned():
        borders = [
            Fraction(0),
            *(time for stay in scene.stays for time in (stay.begin, stay.end)),
            scene.seconds,
        ]
        assert all((time * scenes.RATE).denominator == 1 for time in borders)
        away = [after - before for before, after in pairwise(borders)]
        assert min(away[::2]) >= scenes.APART / scenes.RATE
        assert all(Fraction(3, 2) <= stay <= 2 for stay in away[1::2])


def test_no_object_is_in_view_for_more_than_a_third_of_its_clip() -> None:
    assert all(
        stay.end - stay.begin <= scene.seconds / 3 for scene in planned() for stay in scene.stays
    )


def test_every_sound_and_every_picture_takes_its_turn() -> None:
    shown = [scene.stays[0].picture for scene in planned(twos=0)]

    assert set(Counter(picture.sound for picture in shown).values()) == {4}
    assert set(Counter(shown).values()) == {2}


def test_two_objects_have_two_sounds_and_the_caption_names_both_in_words_kept_from_training() -> (
    None
):
    unseen = {sound.name: sound.unseen for sound in classes.SOUNDS}
    first_named = []
    for scene in planned(twos=40)[12:]:
        one, other = (stay.sound for stay in scene.stays)
        assert one != other
        said = {
            both: name
            for name, rest in ((one, other), (other, one))
            for words in unseen[name]
            for more in unseen[rest]
            for both in (f"{words} and {more}",)
        }
        first_named.append(said[scene.caption] == one)
    assert any(first_named)
    assert not all(first_named)


def test_pictures_follow_each_other_with_different_sounds() -> None:
    by_sound = {"dog": SHOWN[:2], "cat": SHOWN[2:4]}
    queue = list(islice(scenes._in_turn(by_sound, np.random.default_rng(0)), 40))

    assert all(a.sound != b.sound for a, b in pairwise(queue))


@pytest.mark.parametrize("backdrop", scenes.BACKDROPS)
def test_every_background_is_used(backdrop: str) -> None:
    assert backdrop in {scene.backdrop for scene in planned()}
