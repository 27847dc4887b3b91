import numpy as np
import pytest

from diffava_foley.evaluation.metrics.onsets import onset_frames, onset_seconds

RATE = 48_000


def _knocks(times, seconds=4):
    wave = np.zeros(seconds * RATE, np.float32)
    fade = np.exp(-np.arange(RATE // 5) / 800)
    knock = (fade * np.random.default_rng(0).normal(size=len(fade))).astype(np.float32)
    for time in times:
        wave[int(time * RATE) :][: len(knock)] += knock
    return wave


def test_knocks_are_found_where_they_are_at_any_rate():
    times = [0.5, 1.2, 1.9, 3.1]

    assert onset_seconds(_knocks(times), RATE) == pytest.approx(times, abs=0.035)


def test_loudness_does_not_move_onsets():
    wave = _knocks([0.7, 2.2])

    assert np.array_equal(onset_seconds(wave, RATE), onset_seconds(wave / 16, RATE))


@pytest.mark.parametrize("wave", [np.zeros(RATE), np.zeros(0), np.zeros(100)])
def test_silence_has_no_onset(wave):
    assert len(onset_seconds(wave.astype(np.float32), RATE)) == 0


def test_an_onset_stands_out_and_another_keeps_its_distance():
    strength = np.zeros(40)
    strength[[10, 11, 20, 30]] = [1.0, 0.9, 0.05, 0.8]

    assert onset_frames(strength).tolist() == [10, 30]
