"""Frame rates and frames in Resolve, exactly."""

import sys
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugins.resolve.conftest import SOURCES

sys.path.insert(0, str(SOURCES))
from foley_in_resolve import frames  # it is data, found where it is installed

sys.path.remove(str(SOURCES))

RATES = st.sampled_from(["23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60"])


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        (24.0, Fraction(24)),
        ("23.976", Fraction(24000, 1001)),
        ("29.97 DF", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("119.88", Fraction(120000, 1001)),
        ("16", Fraction(16)),
        ("", None),
        (None, None),
        ("0", None),
    ],
)
def test_a_rate_is_the_one_that_resolve_means(text, rate):
    assert frames.rate_of(text) == rate


def test_25_frames_in_a_file_counted_at_24_are_24_frames_of_it():
    # 25 frames at 25 are a second, which is 24 frames at 24; 37 are 35.52, and 36 of them give 37
    assert frames.source_length(25, Fraction(25), Fraction(24)) == 24
    assert frames.source_length(37, Fraction(25), Fraction(24)) == 36


@given(st.integers(1, 10**6), RATES, RATES)
def test_a_source_fills_its_place_as_far_as_it_can_and_never_more(count, timeline, source):
    rate, source_rate = frames.rate_of(timeline), frames.rate_of(source)

    length = frames.source_length(count, rate, source_rate)

    filled = floor(length * rate / source_rate)
    next_longer = ceil((filled + 1) * source_rate / rate)
    assert filled == count or filled < count < floor(next_longer * rate / source_rate)
    if rate == source_rate:
        assert length == count


@pytest.mark.parametrize(
    ("count", "rate", "text"),
    [
        (0, Fraction(24), "00:00:00"),
        (48, Fraction(24), "00:02:00"),
        (49, Fraction(24), "00:02:01"),
        (1500, Fraction(25), "01:00:00"),
        (30, Fraction(30000, 1001), "00:01:00"),
    ],
)
def test_a_place_is_told_in_minutes_seconds_and_frames(count, rate, text):
    assert frames.clock(count, rate) == text


def test_what_a_dead_object_answers_stays_nothing():
    assert frames.whole(None) is None
    assert frames.whole(86400.0) == 86400
