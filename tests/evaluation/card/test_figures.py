"""The card's measures, on verdicts made up so that the answer is known."""

import numpy as np
import pytest

from diffava_foley.evaluation.card import figures, reference
from diffava_foley.evaluation.card.heard import Heard
from diffava_foley.evaluation.card.reference import Reference
from diffava_foley.training.embedded import classes

DOG = next(sound for sound in classes.SOUNDS if sound.name == "dog")
CLASSES, WIDTH = 6, 8


def heard(sounds, seed=0, top=("Silence",)):
    """Verdicts that tell dogs from rain, each a little different."""
    random = np.random.default_rng(seed)
    centres = {"dog": np.eye(CLASSES)[0] * 8, "rain": np.eye(CLASSES)[1] * 8}
    logits = np.stack([centres[name] + random.normal(0, 0.1, CLASSES) for name in sounds])
    embeddings = random.normal(0, 1, (len(sounds), WIDTH)) + [4 * (n == "dog") for n in range(8)]
    return Heard(
        tuple(sounds),
        (tuple(top),) * len(sounds),
        logits.astype(np.float32),
        embeddings.astype(np.float32),
    )


@pytest.fixture
def real():
    names = ("dog", "rain") * 10
    taught = heard(names * 2, 2)
    return Reference(
        held_out=heard(names),
        resynthesised=heard(names, 1),
        taught=taught,
        copies=taught.of(np.arange(20)),
        taught_audio=np.eye(40, dtype=np.float32),
    )


def test_a_sound_is_recognised_by_its_own_names_among_the_first_five():
    one = heard(("dog", "rain"), top=("Animal", "Bark"))

    assert one.recognised.tolist() == [True, False]


def test_clips_of_the_right_sound_are_nearer_to_the_real_ones_than_strangers_are(real):
    right = figures.row("right", heard(("dog", "rain") * 10, 3), real)
    wrong = figures.row(
        "wrong", Heard(("rain", "dog") * 10, *_but_sounds(heard(("dog", "rain") * 10, 3))), real
    )

    assert 3 * right.kl < figures.stranger(real.held_out)
    assert wrong.kl == pytest.approx(figures.stranger(real.held_out), rel=0.05)
    assert right.fd == pytest.approx(wrong.fd)  # which does not ask what a clip was meant to be


def _but_sounds(one):
    return one.top, one.logits, one.embeddings


def test_a_real_clip_is_not_compared_with_itself(real):
    itself = figures.row("real", real.held_out, real, "held_out")

    assert itself.kl > 0
    assert itself.fd is itself.kid is None


def test_plain_copies_are_found_out_and_new_sounds_are_not(real):
    copied = figures.row("copied", real.taught.of(np.arange(20)), real)
    new = figures.row("new", heard(("dog", "rain") * 10, 9), real)

    assert copied.nearest == pytest.approx(1, abs=1e-6)
    assert new.nearest < 0.9
    assert new.near_a_copy == 0


def test_retrieval_gives_the_clip_nearest_to_the_caption_whatever_it_is(real):
    found = figures.retrieved(np.eye(40, dtype=np.float32)[[3, 0]], ("dog", "dog"), real)

    assert found.sounds == ("dog", "dog")
    np.testing.assert_array_equal(found.logits, real.taught.logits[[3, 0]])


def test_ratio_of_equal_shares_is_one_and_lies_in_its_interval():
    half = heard(("dog", "rain") * 20, top=("Bark",))

    share, interval = figures.ratio(half, half)

    assert share == 1
    assert share in interval
    assert 0 < interval.low < interval.high


def test_a_reference_comes_back_as_it_was_saved(real, tmp_path):
    reference.save(real, tmp_path / "reference.safetensors")

    again = reference.load(tmp_path / "reference.safetensors")

    assert again.taught.sounds == real.taught.sounds
    assert again.copies.top == real.copies.top
    np.testing.assert_allclose(again.held_out.logits, real.held_out.logits, atol=0.01)
    np.testing.assert_allclose(again.taught_audio, real.taught_audio, atol=1e-3)


def test_a_reference_of_some_sounds_keeps_what_may_be_copied_of_all(real):
    dogs = real.of(("dog",))

    assert set(dogs.held_out.sounds) == set(dogs.resynthesised.sounds) == {"dog"}
    assert np.array_equal(dogs.held_out.logits, real.held_out.logits[::2])
    assert dogs.taught is real.taught
