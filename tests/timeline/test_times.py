from fractions import Fraction

import pytest
from opentimelineio.opentime import RationalTime
from timeline.cutting import FILM

from diffava_foley.errors import TimelineError
from diffava_foley.timeline.times import frames_between, seconds, speed

HIERO = 23.976024627685547


@pytest.mark.parametrize("rate", [23.976, HIERO, 24000 / 1001, 23.98])
def test_an_hour_of_film_at_any_spelling_of_its_rate_is_as_long(rate):
    assert seconds(RationalTime(86400, rate)) == Fraction(36036, 10)


@pytest.mark.parametrize(
    ("earlier", "later", "frames"),
    [
        # From exports of Hiero and Resolve in tests/samples/ayon, as ayon reads them.
        (RationalTime(1937896, 23.976), RationalTime(1937905.9905694576, HIERO), 8),
        (RationalTime(948674, 25), RationalTime(909990.8339241028, HIERO), 948855 - 948674),
        (RationalTime(0, 24), RationalTime(29.970030784606934, HIERO), 30),
        (RationalTime(86531, 23.976), RationalTime(86535.08888708579, HIERO), 4),
        (RationalTime(86400, 24), RationalTime(90032, 25), Fraction("30.72")),
        # The same rate, spelled twice: whole frame numbers are frame numbers.
        (RationalTime(86400, 24000 / 1001), RationalTime(86410, 23.976), 10),
    ],
)
def test_the_distance_of_two_times_is_what_the_editor_meant(earlier, later, frames):
    assert frames_between(earlier, later) == frames


def test_a_fraction_of_a_frame_is_kept():
    assert frames_between(RationalTime(0, 25), RationalTime(483.075, 25)) == Fraction(483.075)


def test_times_are_exact_fractions_of_the_rate_that_was_meant():
    assert seconds(RationalTime(1, 29.97)) == Fraction(1001, 30000)
    assert seconds(RationalTime(1, HIERO)) == 1 / FILM


@pytest.mark.parametrize("time", [(float("nan"), 24), (1, 0), (1, -24), (1, float("inf"))])
def test_a_time_that_means_nothing_is_refused(time):
    with pytest.raises(TimelineError, match="means nothing"):
        seconds(RationalTime(*time))


@pytest.mark.parametrize(
    ("scalar", "meant"),
    [
        (0.99, Fraction(99, 100)),
        (1 / 3, Fraction(1, 3)),
        (-2.0, -2),
        (1000 / 1001, Fraction(1000, 1001)),
        (11.1, Fraction(111, 10)),
    ],
)
def test_a_speed_is_the_simple_fraction_that_was_meant(scalar, meant):
    assert speed(scalar) == meant


def test_a_speed_that_is_no_simple_fraction_stays_as_it_is():
    assert speed(0.8545454551724138) == Fraction(0.8545454551724138)
