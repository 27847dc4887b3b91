import numpy as np
import pytest

from diffava_foley.model.soundcheck import fault

TONE = np.sin(np.arange(16_000, dtype=np.float32) / 5)[None]


def test_a_sound_is_fit_to_hear() -> None:
    assert fault(0.5 * TONE) is None
    assert fault(0.002 * TONE) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_single_sample_that_is_no_number_is_found(value: float) -> None:
    sound = 0.5 * TONE
    sound[0, 7000] = value

    assert fault(sound) == "not a number in places"


def test_silence_is_found_below_60_decibels() -> None:
    assert fault(np.zeros((1, 100), np.float32)) == "silent (below -60 dBFS)"
    assert fault(0.0009 * TONE) == "silent (below -60 dBFS)"


def test_a_sound_cut_off_at_the_top_is_found() -> None:
    assert fault(np.clip(3 * TONE, -1, 1)) == "clipped (78.4% of it at full scale)"


def test_a_single_full_peak_is_no_clipping() -> None:
    sound = 0.5 * TONE
    sound[0, 5] = 1.0

    assert fault(sound) is None


def test_nothing_at_all_is_found() -> None:
    assert fault(np.zeros((1, 0), np.float32)) == "empty"
