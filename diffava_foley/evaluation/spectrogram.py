"""Sounds as the eye sees them: mel bands over time, in decibels below the loudest."""

from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray
from transformers.audio_utils import hertz_to_mel, mel_filter_bank, spectrogram, window_function

SAMPLE_RATE = 16_000
"""The lowest that any of the models makes: no sound is shown more than the others have."""
WINDOW, HOP = 1024, 160  # 64 ms every 10 ms
N_FFT = 4096
BANDS = 128
LOWEST, HIGHEST = 30.0, 8_000.0  # Hz
RANGE = 70.0
"""Decibels below the loudest that are told apart."""


def log_mel(wave: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """The sound (N,) as decibels from -70 to 0, (128, T), lowest band first, every 10 ms."""
    heard = soxr.resample(wave, sample_rate, SAMPLE_RATE, quality="VHQ")
    power = spectrogram(
        np.pad(heard, (0, max(0, WINDOW - len(heard)))),
        window_function(WINDOW, "hann"),
        frame_length=WINDOW,
        hop_length=HOP,
        fft_length=N_FFT,
        power=2.0,
        pad_mode="constant",
        mel_filters=_bank(),
        mel_floor=0.0,
        dtype=np.dtype(np.float64),
    )  # (128, T)
    loudest = power.max(initial=0.0)
    if not loudest > 0:
        return np.full(power.shape, -RANGE)
    floor = loudest * 10 ** (-RANGE / 10)
    decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, floor) / loudest)
    return decibels


def height(hertz: float) -> float:
    """How far up a frequency lies among the bands, 0 to 1."""
    bottom, place, top = (hertz_to_mel(f, "htk") for f in (LOWEST, hertz, HIGHEST))
    return float((place - bottom) / (top - bottom))


@cache
def _bank() -> NDArray[np.float64]:
    bank: NDArray[np.float64] = mel_filter_bank(
        N_FFT // 2 + 1, BANDS, LOWEST, HIGHEST, SAMPLE_RATE, norm=None, mel_scale="htk"
    )
    return bank
