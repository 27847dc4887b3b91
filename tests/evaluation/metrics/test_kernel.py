import numpy as np
import pytest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics import kernel
from diffava_foley.evaluation.metrics.kernel import kid, mmd


def test_the_discrepancy_is_the_mean_over_pairs_written_out():
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(6, 3)), draw.normal(size=(5, 3))

    def k(x, y):
        return (x @ y / 3 + 1) ** 3

    among_a = np.mean([k(a[i], a[j]) for i in range(6) for j in range(6) if i != j])
    among_b = np.mean([k(b[i], b[j]) for i in range(5) for j in range(5) if i != j])
    between = np.mean([k(x, y) for x in a for y in b])
    assert mmd(a, b) == pytest.approx(among_a + among_b - 2 * between)


def test_samples_of_one_source_are_at_nought_on_average_however_few():
    draw = np.random.default_rng(0)
    found = [mmd(*draw.normal(size=(2, 12, 8))) for _ in range(2000)]

    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0


def test_the_distance_grows_with_the_gap():
    a, b = np.random.default_rng(0).normal(size=(2, 100, 16))

    assert kid(a, b).mean < kid(a, b + 0.5).mean < kid(a, b + 1).mean


def test_the_whole_set_as_the_one_subset_is_the_discrepancy_itself():
    a, b = np.random.default_rng(0).normal(size=(2, 30, 4))

    assert kid(a, b, subsets=1, subset_size=30).mean == pytest.approx(mmd(a, b))


def test_the_seed_alone_decides_the_subsets():
    a, b = np.random.default_rng(0).normal(size=(2, 60, 4))

    assert kid(a, b, seed=1) == kid(a, b, seed=1) != kid(a, b, seed=2)


def test_subsets_are_a_thousand_or_half_of_the_smaller_set():
    assert kernel.usual_subset(5000, 4000) == 1000
    assert kernel.usual_subset(100, 886) == 50


def test_a_subset_larger_than_the_set_is_refused():
    with pytest.raises(EvaluationError, match="20 clips are too few, take 30"):
        kid(np.zeros((40, 2)), np.zeros((20, 2)), subset_size=30)


def test_its_name_tells_kernel_and_subsets():
    assert kernel.name(100, 50) == "KID, (x'y/D + 1)^3, 100 subsets of 50, seed 2020"
