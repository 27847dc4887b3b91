"""How sure a number is: checked where theory says it."""

import numpy as np
import pytest

from diffava_foley.evaluation.metrics.frechet import frechet
from diffava_foley.evaluation.resampling import drawn, interval


def test_the_interval_of_a_mean_is_two_standard_errors_either_way() -> None:
    values = np.random.default_rng(0).normal(3, 2, 400)

    found = interval(drawn(lambda clips: float(values[clips].mean()), 400, 4000))

    error = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - error, abs=0.02)
    assert found.high == pytest.approx(values.mean() + error, abs=0.02)


def test_two_systems_are_drawn_alike_so_that_equal_ones_differ_by_nothing() -> None:
    values = np.random.default_rng(0).normal(size=30)

    first, second = (drawn(lambda clips: float(values[clips].mean()), 30, 50) for _ in range(2))

    assert np.array_equal(first, second)
    assert len(set(first)) == 50


def test_draws_of_a_distance_between_sets_are_moved_back_to_it() -> None:
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(40, 20)), draw.normal(size=(40, 20))
    value = frechet(a, b)

    def distance(clips: np.ndarray) -> float:
        return frechet(a[clips], b[clips])

    as_they_are = interval(drawn(distance, 40, 100))
    moved = interval(drawn(distance, 40, 100, centre=value))

    assert value not in as_they_are  # clips drawn twice make sets poorer and distances larger
    assert value in moved


def test_draws_without_a_value_do_not_count() -> None:
    found = interval(np.array([1.0, np.nan, 1.0]))

    assert (found.low, found.high) == (1.0, 1.0)
