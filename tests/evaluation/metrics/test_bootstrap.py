import numpy as np
import pytest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics import bootstrap
from diffava_foley.evaluation.metrics.records import Interval


def test_the_interval_of_a_mean_is_two_standard_errors_each_way():
    values = np.random.default_rng(0).normal(5, 2, 400)
    error = values.std() / 20

    found = bootstrap.interval(values)

    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_ninety_five_of_a_hundred_intervals_hold_the_truth():
    draw = np.random.default_rng(0)
    held = [0.0 in bootstrap.interval(draw.normal(size=60), draws=300) for _ in range(400)]

    assert 0.91 <= np.mean(held) <= 0.98


def test_values_all_alike_leave_no_doubt():
    assert bootstrap.interval(np.full(10, 3.0)) == Interval(3.0, 3.0)


def test_the_seed_alone_decides_the_draws():
    values = np.random.default_rng(0).normal(size=50)

    assert bootstrap.interval(values, seed=1) == bootstrap.interval(values, seed=1)
    assert bootstrap.interval(values, seed=1) != bootstrap.interval(values, seed=2)


def test_pairs_tell_a_difference_that_is_small_beside_the_spread_of_clips():
    draw = np.random.default_rng(0)
    first = 10 * draw.normal(size=100)
    second = first + 0.5 + 0.1 * draw.normal(size=100)

    paired = bootstrap.difference(first, second)

    assert 0.45 < paired.low < paired.high < 0.55
    assert 0.0 in Interval(
        bootstrap.interval(second).low - bootstrap.interval(first).high,
        bootstrap.interval(second).high - bootstrap.interval(first).low,
    )


def test_rows_are_drawn_whole_for_any_statistic():
    rows = np.column_stack([np.arange(30.0), np.arange(30.0)])

    def gap(clips):
        return float(abs(clips[:, 0] - clips[:, 1]).max())

    assert bootstrap.interval(rows, gap, draws=50) == Interval(0.0, 0.0)


def test_no_clips_and_clips_that_are_no_pairs_are_refused():
    with pytest.raises(EvaluationError, match="not one clip"):
        bootstrap.interval([])
    with pytest.raises(EvaluationError, match="not pairs"):
        bootstrap.difference([1.0, 2.0], [1.0])
