from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from training.embedded.test_sounds import ROW

from diffava_foley.training.embedded import mel, scenes
from diffava_foley.training.embedded.bank import OFTEN, Bank, Lesson, open_banks

WIDTH = 384


@pytest.fixture
def bank():
    names = ("dog", "rain")
    random = torch.Generator().manual_seed(0)
    said = {
        name: F.normalize(torch.randn(count, WIDTH, generator=random), dim=-1)
        for name, count in (("dog", 3), ("rain", 2), ("", 1), (scenes.NOTHING, 1))
    }
    return Bank(
        groups={name: [replace(ROW, file=name, sound=name)] for name in names},
        mels={name: np.ones((900, mel.N_MELS), np.float16) for name in names},
        captions=said,
    )


def test_a_batch_is_clips_with_an_embedding_for_each_second(bank):
    batch = bank.draw(np.random.default_rng(0), 4)

    assert batch.spectra.shape == (4, mel.CLIP_FRAMES, mel.N_MELS)
    assert batch.seconds.shape == (4, scenes.SECONDS, WIDTH)
    assert 0 <= batch.start < 1


def test_the_same_draw_gives_the_same_batch(bank):
    one, other = (bank.draw(np.random.default_rng((3, 7)), 4) for _ in range(2))

    assert torch.equal(one.spectra, other.spectra)
    assert torch.equal(one.seconds, other.seconds)


def test_conditions_have_unit_length_and_stay_near_a_caption(bank):
    seconds = bank.draw(np.random.default_rng(0), 200).seconds
    said = torch.cat(list(bank.captions.values()))

    assert torch.allclose(seconds.norm(dim=-1), torch.ones(()), atol=1e-5)
    assert (seconds @ said.T).amax(dim=-1).min() > 0.7


def test_one_clip_in_ten_has_no_caption(bank):
    seconds = bank.draw(np.random.default_rng(0), 600).seconds

    bare = (seconds == bank.captions[""]).all(dim=-1).all(dim=1)
    assert 0.06 < bare.float().mean() < 0.14


def test_what_is_taught_often_comes_up_so_much_more_and_what_is_not_taught_never(bank):
    often = replace(bank, lesson=Lesson(often=frozenset({"dog"})))
    without = replace(bank, lesson=Lesson(without=frozenset({"rain"})))

    assert often.names == ["dog"] * OFTEN + ["rain"]
    assert without.names == ["dog"]
    assert bank.names == ["dog", "rain"]
    rain = bank.captions["rain"]
    assert (without.draw(np.random.default_rng(0), 50).seconds @ rain.T).max() < 0.7
    assert (bank.draw(np.random.default_rng(0), 50).seconds @ rain.T).max() > 0.7


def test_a_lesson_of_sounds_that_are_not_there_is_refused(monkeypatch, tmp_path, bank):
    monkeypatch.setattr("diffava_foley.training.embedded.sounds.load", lambda run: ((), {}))
    monkeypatch.setattr(
        "diffava_foley.training.embedded.bank.embeddings", lambda run: bank.captions
    )

    with pytest.raises(ValueError, match="no such sounds: dgo"):
        open_banks(tmp_path, Lesson(often=frozenset({"dgo"})))
