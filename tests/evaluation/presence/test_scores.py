import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from diffava_foley.evaluation.presence import scores

HALF = Fraction(1, 2)
probabilities = st.floats(1e-6, 1)


def view(text: str) -> np.ndarray:
    """In view where there is an x."""
    return np.array([letter == "x" for letter in text])


def test_patches_are_known_by_their_middles() -> None:
    middles = scores.middles(3, HALF, Fraction(1))

    assert middles == (HALF, Fraction(1), Fraction(3, 2))
    assert scores.within(middles, Fraction(1), Fraction(3, 2)).tolist() == [False, True, False]


def test_presence_of_a_hand_worked_take() -> None:
    """0.6 of 1.0 falls in view, which is a quarter of the time: 2.4 times chance."""
    heard = np.array([0.1, 0.6, 0.2, 0.1])

    assert scores.presence(heard, view(".x..")) == pytest.approx(2.4)


def test_all_in_view_gives_the_most_and_none_gives_nothing() -> None:
    assert scores.presence(np.array([0, 0.5, 0.3, 0]), view(".xx.")) == pytest.approx(2)
    assert scores.presence(np.array([0.5, 0, 0, 0.3]), view(".xx.")) == 0


@given(probabilities, st.integers(1, 9))
def test_a_sound_that_does_not_change_scores_chance(level: float, count: int) -> None:
    in_view = np.arange(10) < count

    assert scores.presence(np.full(10, level), in_view) == pytest.approx(1)


@given(arrays(float, 10, elements=probabilities), st.floats(0.01, 100))
def test_presence_does_not_depend_on_how_sure_the_judge_is_overall(
    heard: np.ndarray, times: float
) -> None:
    in_view = view("..xxx.....")

    assert scores.presence(times * heard, in_view) == pytest.approx(
        scores.presence(heard, in_view), rel=1e-9
    )


@pytest.mark.parametrize("in_view", ["....", "xxxx"])
def test_there_is_nothing_to_tell_where_the_view_never_changes(in_view: str) -> None:
    assert math.isnan(scores.presence(np.ones(4), view(in_view)))


def test_silence_has_no_presence() -> None:
    assert math.isnan(scores.presence(np.zeros(4), view(".x..")))


def test_the_pool_weighs_each_take_by_what_is_heard_in_it() -> None:
    """Energies 3 and 1, each in view for half: (3 + 0) / (1.5 + 0.5) = 1.5."""
    loud = (np.array([3.0, 0.0]), view("x."))
    wrong = (np.array([0.0, 1.0]), view("x."))

    assert scores.pooled([loud, wrong]) == pytest.approx(1.5)
    assert scores.pooled([loud]) == scores.presence(*loud)
    assert scores.pooled([loud, (np.zeros(2), view("x."))]) == scores.presence(*loud)


@given(st.lists(arrays(float, 12, elements=probabilities), min_size=1, max_size=5))
def test_the_pool_of_takes_lies_between_their_scores(heard: list[np.ndarray]) -> None:
    takes = [(one, np.roll(view("xxx.........")[::1], place)) for place, one in enumerate(heard)]
    each = [scores.presence(*take) for take in takes]

    assert min(each) - 1e-9 <= scores.pooled(takes) <= max(each) + 1e-9


def test_the_earlier_middle_comes_first() -> None:
    early, late = np.array([0.0, 0.9, 0.1, 0.0]), np.array([0.0, 0.0, 0.2, 0.8])

    assert scores.centroid(early) == pytest.approx(1.1)
    assert scores.in_order(early, late)
    assert not scores.in_order(late, early)
    assert not scores.in_order(early, np.zeros(4))
    assert not scores.in_order(early, early)


def test_only_what_one_class_has_over_the_other_tells_them_apart() -> None:
    first, second = np.array([0.9, 0.5, 0.1]), np.array([0.4, 0.5, 0.8])

    np.testing.assert_allclose(scores.fair_share(first, second), [0.5, 0, 0])
    np.testing.assert_allclose(scores.fair_share(second, first), [0, 0, 0.7])
