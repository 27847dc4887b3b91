"""A spectrogram shows a tone where it is, and silence as silence."""

import numpy as np
import pytest

from diffava_foley.evaluation.spectrogram import BANDS, RANGE, height, log_mel

RATE = 22_050


@pytest.mark.parametrize("pitch", [250.0, 1000.0, 4000.0])
def test_a_tone_is_as_high_as_the_axis_says(pitch: float) -> None:
    wave = np.sin(2 * np.pi * pitch * np.arange(RATE) / RATE).astype(np.float32)

    loudest = log_mel(wave, RATE)[:, 20:80].mean(axis=1).argmax()

    assert (loudest + 0.5) / BANDS == pytest.approx(height(pitch), abs=1.5 / BANDS)


def test_the_loudest_is_at_nought_and_nothing_is_below_the_range() -> None:
    noise = np.random.default_rng(0).normal(0, 1e-3, RATE).astype(np.float32)
    noise[: RATE // 2] = 0

    shown = log_mel(noise, RATE)

    assert (shown.max(), shown.min()) == (0.0, -RANGE)


def test_silence_and_a_click_can_be_shown() -> None:
    assert (log_mel(np.zeros(RATE, np.float32), RATE) == -RANGE).all()
    assert np.isfinite(log_mel(np.ones(3, np.float32), RATE)).all()
