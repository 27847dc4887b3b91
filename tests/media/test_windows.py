from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffava_foley.errors import MediaError
from diffava_foley.media.windows import cut_windows, sample_count, snap_rate

DURATIONS = st.fractions(min_value=Fraction(1, 240), max_value=30, max_denominator=120_000)


def test_a_shot_of_whole_seconds_has_a_window_for_each():
    windows = cut_windows(Fraction(3))

    assert [(w.index, w.start, w.end) for w in windows] == [(0, 0, 1), (1, 1, 2), (2, 2, 3)]


def test_the_last_window_is_what_is_left():
    windows = cut_windows(Fraction(5, 2), frames=2)

    assert (windows[-1].start, windows[-1].end) == (2, Fraction(5, 2))
    assert windows[-1].moments == (Fraction(17, 8), Fraction(19, 8))


def test_moments_are_the_centres_of_equal_parts():
    (window,) = cut_windows(Fraction(1), frames=4)

    assert window.moments == tuple(Fraction(n, 8) for n in (1, 3, 5, 7))


def test_a_shot_without_length_has_no_windows():
    assert cut_windows(Fraction(0)) == ()


def test_a_window_without_frames_is_refused():
    with pytest.raises(MediaError, match="at least one frame"):
        cut_windows(Fraction(1), frames=0)


@given(DURATIONS)
def test_windows_cover_the_shot_without_gap_or_overlap(duration):
    windows = cut_windows(duration)

    assert windows[0].start == 0
    assert windows[-1].end == duration
    assert all(a.end == b.start for a, b in pairwise(windows))
    assert all(0 < w.end - w.start <= 1 for w in windows)
    assert all(w.start < m < w.end for w in windows for m in w.moments)


@pytest.mark.parametrize(
    ("duration", "samples"),
    [
        (Fraction(1), 48000),
        (Fraction(1001, 24000), 2002),
        (Fraction(1, 96000), 1),  # half a sample goes up
        (Fraction(1, 96001), 0),
        (Fraction(3603600, 1000), 172972800),  # an hour of timecode at 24000/1001
    ],
)
def test_sample_count_is_the_nearest_halves_up(duration, samples):
    assert sample_count(duration, 48000) == samples


@pytest.mark.parametrize(
    "rate", [23.976, 23.976024627685547, 23.98, 23.976023976023978, Fraction(24000, 1001)]
)
def test_every_way_to_write_film_on_video_is_24000_over_1001(rate):
    assert snap_rate(rate) == Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("rate", "exact"),
    [
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (59.9401, Fraction(60000, 1001)),
        (47.952, Fraction(48000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (24.0, Fraction(24)),
        (24.000002, Fraction(24)),
        (25, Fraction(25)),
        (60.0, Fraction(60)),
        (12.5, Fraction(25, 2)),
        (0.5, Fraction(1, 2)),
        (48000, Fraction(48000)),
    ],
)
def test_rates_snap_to_what_was_meant(rate, exact):
    assert snap_rate(rate) == exact


@given(st.integers(1, 480))
def test_whole_rates_and_their_ntsc_sisters_are_kept(rate):
    assert snap_rate(float(rate)) == rate
    assert snap_rate(float(Fraction(rate * 1000, 1001))) == Fraction(rate * 1000, 1001)


@pytest.mark.parametrize("rate", [0, -24, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(MediaError, match="frame rate"):
        snap_rate(rate)
