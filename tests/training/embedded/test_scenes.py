from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from training.embedded.test_sounds import ROW

from diffava_foley.training.embedded import clips, mel, scenes
from diffava_foley.training.embedded.scenes import NOTHING

GROUPS = {"dog": [replace(ROW, file="dog")], "cat": [replace(ROW, file="cat")]}
MELS = {
    "dog": np.full((900, mel.N_MELS), 2.0, dtype=np.float16),
    "cat": np.full((900, mel.N_MELS), 1.0, dtype=np.float16),
}


@pytest.fixture(autouse=True)
def _one_level(monkeypatch):
    monkeypatch.setattr(clips, "LEVEL", 0.0)
    monkeypatch.setattr(scenes, "TWO_AT_ONCE", 0.0)


def _play(scene, start=0.0):
    return scenes.play(scene, start, GROUPS, MELS, np.random.default_rng(0))[:, 0]


def test_most_clips_hold_one_sound_and_the_others_change_once_or_twice():
    drawn = [scenes.draw(("dog", "cat"), np.random.default_rng(seed)) for seed in range(2000)]
    changes = [sum(a != b for a, b in pairwise(scene)) for scene in drawn]

    assert all(len(scene) == scenes.SECONDS for scene in drawn)
    assert max(changes) <= 2
    # Besides the eight in ten: a dog there all the while, a dog that gives way to a dog.
    assert 0.8 < np.mean([change == 0 for change in changes]) < 0.9
    assert 0.05 < np.mean([NOTHING in scene for scene in drawn]) < 0.1


def test_a_sound_is_heard_in_its_seconds_and_nothing_is_in_the_others():
    level = _play((NOTHING, "dog", NOTHING, NOTHING), start=0.25)

    first, last = (round(seconds * scenes.FRAMES_A_SECOND) for seconds in (0.75, 1.75))
    assert (level[:first] == np.float32(clips.SILENCE)).all()
    assert (level[last:] == np.float32(clips.SILENCE)).all()
    assert level[(first + last) // 2] == 2.0


def test_what_gives_way_fades_out_at_the_border_and_what_follows_fades_in():
    level = _play(("dog", "cat", "cat", "cat"))

    border = round(scenes.FRAMES_A_SECOND)
    assert level[0] == level[border - scenes.FADE - 1] == 2.0
    assert level[border + scenes.FADE] == level[-1] == 1.0
    assert level[border - 1] < 0 > level[border]
    assert (np.diff(level[border - scenes.FADE : border]) < 0).all()


def test_one_sound_throughout_is_a_clip_as_ever_without_a_fade():
    assert set(_play(("dog",) * scenes.SECONDS)) == {np.float32(2.0)}


def test_two_at_once_are_the_same_sound_twice_as_strong(monkeypatch):
    monkeypatch.setattr(scenes, "TWO_AT_ONCE", 1.0)

    level = _play(("dog",) * scenes.SECONDS)

    assert level == pytest.approx(2.0 + np.log(2) / 2 / mel.STD, abs=1e-5)
