from fractions import Fraction

import numpy as np

from diffava_foley.errors import BadTake
from diffava_foley.evaluation.card import generated
from diffava_foley.pipeline import Settings
from diffava_foley.training.embedded import classes


def test_every_sound_is_asked_for_in_turn_with_each_of_its_unseen_captions():
    asked = generated.wishes(("dog", "rain"), 8, first_seed=100)

    unseen = {sound.name: set(sound.unseen) for sound in classes.SOUNDS}
    assert [wish.sound for wish in asked] == ["rain", "dog"] * 4
    assert {wish.caption for wish in asked if wish.sound == "rain"} == unseen["rain"]
    assert [wish.seed for wish in asked] == list(range(100, 108))


def test_captions_of_the_training_are_never_asked_for():
    taught = {caption for sound in classes.SOUNDS for caption in (sound.name, *sound.captions)}

    assert not taught & {
        wish.caption for wish in generated.wishes([one.name for one in classes.SOUNDS], 500)
    }


def test_a_broken_take_counts_as_silence():
    def broken(*arguments, **options):
        raise BadTake("silent")

    (clip,) = generated.make(broken, generated.wishes(("dog",), 1), Settings())

    assert clip.sound == "dog"
    assert not clip.wave.any()


def test_clips_are_made_by_the_pipeline_three_seconds_long(tiny_weights):
    from diffava_foley.pipeline import FoleyPipeline

    pipeline = FoleyPipeline.from_weights(str(tiny_weights), device="cpu")
    counted = []

    clips = list(
        generated.make(
            pipeline,
            generated.wishes(("dog", "rain"), 2),
            Settings(steps=1),
            progress=lambda done, total: counted.append((done, total)),
        )
    )

    rate = clips[0].sample_rate
    assert [len(clip.wave) for clip in clips] == [Fraction(3) * rate] * 2
    assert not np.array_equal(clips[0].wave, clips[1].wave)
    assert counted == [(1, 2), (2, 2)]
