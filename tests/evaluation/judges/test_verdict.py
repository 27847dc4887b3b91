from fractions import Fraction

import numpy as np

from diffava_foley.evaluation.judges import Verdict


def _verdict(scores, embeddings=((0.0,), (0.0,))):
    scores = np.array(scores, np.float32)
    return Verdict(
        logits=np.log(scores / (1 - scores)),
        embeddings=np.array(embeddings, np.float32),
        hop=Fraction(12, 25),
    )


def test_top_names_are_those_of_the_highest_mean_scores():
    verdict = _verdict([[0.1, 0.9, 0.2], [0.1, 0.1, 0.6]])

    assert verdict.top(("a", "b", "c"), 2) == ("b", "c")


def test_scores_are_probabilities_however_large_the_logits():
    verdict = Verdict(np.array([[-1e4, 0, 1e4]], np.float32), np.zeros((1, 1)), Fraction(1))

    assert verdict.scores.tolist() == [[0.0, 0.5, 1.0]]
    assert verdict.scores.dtype == np.float32


def test_a_clip_is_the_mean_of_its_patches():
    verdict = _verdict([[0.5, 0.5], [0.5, 0.5]], [[1.0, 2.0], [3.0, 6.0]])

    assert verdict.clip_embedding.tolist() == [2.0, 4.0]
    assert verdict.clip_logits.tolist() == [0.0, 0.0]
