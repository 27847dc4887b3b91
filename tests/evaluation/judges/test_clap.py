import numpy as np
import pytest

from diffava_foley.evaluation.judges import open_judge
from diffava_foley.evaluation.metrics.similarity import clap_score


@pytest.fixture(scope="module")
def judge():
    return open_judge("clap:embedded", device="cpu")


def test_a_sound_is_one_embedding_of_unit_length_and_no_classes(judge):
    wave = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)

    verdict = judge.hear(wave, 16_000)

    assert verdict.embeddings.shape == (1, judge.clap.width)
    assert np.linalg.norm(verdict.embeddings) == pytest.approx(1, abs=1e-5)
    assert verdict.logits.shape == (1, 0)
    assert verdict.hop == 2
    assert judge.name.startswith("CLAP ")


def test_sounds_and_captions_are_compared_in_one_space(judge):
    wave = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)
    heard = judge.hear(wave, 16_000).embeddings
    said = judge.clap.embed_text(["heavy rain on a roof"]).cpu().numpy()

    assert -1 <= clap_score(heard, said) <= 1
