import numpy as np
import pytest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics.similarity import clap_score, cosines


def test_the_score_is_the_mean_cosine_of_pairs():
    a = [[1.0, 0.0], [1.0, 1.0], [2.0, 0.0]]
    b = [[0.0, 3.0], [1.0, 1.0], [-1.0, 0.0]]

    assert cosines(a, b) == pytest.approx([0, 1, -1])
    assert clap_score(a, b) == pytest.approx(0)


def test_lengths_and_the_order_of_pairs_do_not_matter():
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(2, 20, 8))
    order = draw.permutation(20)

    assert clap_score(3 * a[order], b[order] / 7) == pytest.approx(clap_score(a, b))


def test_an_embedding_of_noughts_is_refused():
    with pytest.raises(EvaluationError, match="all noughts"):
        clap_score(np.zeros((2, 3)), np.ones((2, 3)))
