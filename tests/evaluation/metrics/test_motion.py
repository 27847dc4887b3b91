from fractions import Fraction

import numpy as np
import pytest

from diffava_foley.evaluation.metrics.motion import motion, motion_peaks, motion_seconds

pytest.importorskip("cv2")


def _square(lefts):
    draw = np.random.default_rng(0)
    texture = draw.integers(100, 255, (24, 24, 3)).astype(np.uint8)
    for left in lefts:
        frame = np.zeros((64, 96, 3), np.uint8)
        frame[20:44, left : left + 24] = texture
        yield frame


def test_a_picture_that_stands_still_does_not_move():
    assert motion(_square([10] * 5)) == pytest.approx(0, abs=1e-6)


def test_rounding_in_a_still_picture_is_no_peak():
    values = 0.0005 + 1e-12 * np.random.default_rng(0).normal(size=100)

    assert len(motion_peaks(values)) == 0


def test_motion_peaks_when_the_jump_ends():
    found = motion_seconds(_square([10, 10, 10, 16, 16, 16, 16, 20, 20]), Fraction(30000, 1001))

    assert found == pytest.approx([3 * 1001 / 30000, 7 * 1001 / 30000])


def test_there_is_a_value_for_each_frame_and_the_first_repeats_the_second():
    values = motion(_square([10, 14, 14, 15]))

    assert len(values) == 4
    assert values[0] == values[1] > values[2]


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_frames_nothing_moves(count):
    assert len(motion(_square([10] * count))) == 0
    assert len(motion_seconds(_square([10] * count), Fraction(25))) == 0


def test_plateaus_and_ends_are_no_peaks():
    assert motion_peaks(np.array([5.0, 1, 2, 1, 3, 3, 1, 9])).tolist() == [2]
