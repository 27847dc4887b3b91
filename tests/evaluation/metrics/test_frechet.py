import numpy as np
import pytest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics.frechet import frechet


def _with(mean, covariance, count=500):
    """Samples with exactly this mean and covariance."""
    raw = np.random.default_rng(count).normal(size=(count, len(mean)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def test_distance_of_two_gaussians_with_covariances_that_commute_is_as_on_paper():
    a = _with([0.0, 1.0, 2.0], np.diag([1.0, 4.0, 9.0]), 500)
    b = _with([3.0, 1.0, -2.0], np.diag([4.0, 4.0, 1.0]), 400)

    assert frechet(a, b) == pytest.approx(9 + 16 + (1 - 2) ** 2 + 0 + (3 - 1) ** 2)


def test_distance_of_two_gaussians_in_the_plane_is_as_on_paper():
    """tr (C_a C_b)^(1/2) of 2 x 2 matrices is the root of tr(C_a C_b) + 2 det(C_a C_b)^(1/2)."""
    first, second = np.array([[2.0, 0.7], [0.7, 1.0]]), np.array([[1.0, -0.4], [-0.4, 3.0]])
    product = first @ second
    root = np.sqrt(np.trace(product) + 2 * np.sqrt(np.linalg.det(product)))

    distance = frechet(_with([0.0, 0.0], first), _with([0.0, 0.0], second, 300))

    assert distance == pytest.approx(np.trace(first) + np.trace(second) - 2 * root)


@pytest.mark.parametrize("shape", [(200, 16), (20, 64)], ids=["N > D", "N < D"])
def test_a_set_is_at_nought_from_itself_in_any_order(shape):
    values = np.random.default_rng(0).normal(size=shape)

    shuffled = np.random.default_rng(1).permutation(values)

    assert frechet(values, shuffled) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("counts", [(100, 80), (20, 15), (100, 15)])
def test_the_distance_is_the_same_there_and_back(counts):
    a, b = (np.random.default_rng(n).normal(size=(n, 32)) for n in counts)

    assert frechet(a, b) == pytest.approx(frechet(b, a))


def test_moving_a_set_adds_the_square_of_the_way():
    a, b = (np.random.default_rng(n).normal(size=(n, 8)) for n in (90, 70))
    centred = frechet(a - a.mean(axis=0), b - b.mean(axis=0))

    moved = frechet(a - a.mean(axis=0), b - b.mean(axis=0) + 2.0)

    assert moved - centred == pytest.approx(8 * 4)


def test_values_that_never_change_do_no_harm():
    a, b = (np.random.default_rng(n).normal(size=(n, 4)) for n in (90, 70))
    constant = (np.ones((90, 3)), np.ones((70, 3)))

    assert frechet(np.hstack([a, constant[0]]), np.hstack([b, constant[1]])) == pytest.approx(
        frechet(a, b)
    )


def test_fewer_clips_of_one_source_lie_farther_apart():
    """Why N stands beside every FD."""
    draw = np.random.default_rng(0)

    few, many = (frechet(*draw.normal(size=(2, count, 64))) for count in (40, 2000))

    assert few > 10 * many


def test_one_clip_and_two_spaces_are_refused():
    values = np.zeros((5, 4))

    with pytest.raises(EvaluationError, match="1 clips are too few"):
        frechet(values, values[:1])
    with pytest.raises(EvaluationError, match="two different spaces"):
        frechet(values, np.zeros((5, 3)))
