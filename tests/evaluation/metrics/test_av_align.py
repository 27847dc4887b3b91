import math

import numpy as np
import pytest

from diffava_foley.evaluation.metrics.av_align import av_align

FRAME = 1 / 25


def test_onsets_on_peaks_are_all_there_is():
    assert av_align([0.4, 1.2, 2.0], [0.4, 1.2, 2.0], FRAME) == 1


def test_nothing_in_common_is_nought():
    assert av_align([0.4, 1.2], [2.0], FRAME) == 0
    assert av_align([], [2.0], FRAME) == 0
    assert av_align([0.4], [], FRAME) == 0


def test_two_of_three_onsets_hit_one_of_two_peaks_each():
    assert av_align([0.40, 1.21, 3.0], [0.42, 1.2], FRAME) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("way", "hit"), [(0.99, True), (1.01, False)])
def test_a_frame_is_the_reach_on_either_side(way, hit):
    for onset in (1 - way * FRAME, 1 + way * FRAME):
        assert (av_align([onset], [1.0], FRAME) == 1) is hit


def test_order_does_not_matter():
    draw = np.random.default_rng(0)
    onsets, peaks = draw.uniform(0, 5, 20), draw.uniform(0, 5, 15)

    assert av_align(onsets, peaks, FRAME) == av_align(onsets[::-1], np.sort(peaks), FRAME)


def test_stillness_and_silence_leave_nothing_to_compare():
    assert math.isnan(av_align([], [], FRAME))
