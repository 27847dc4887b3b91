"""When sounds begin, as librosa's ``onset_detect`` hears it with its defaults.

Written out here because librosa brings some 370 MB (numba, LLVM, scikit-learn, SciPy) for these
few lines; tests/verification/ holds them against librosa itself.
"""

from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray
from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

from .arrays import Floats

SAMPLE_RATE = 22_050  # what librosa.load resamples to
N_FFT, HOP, MELS = 2048, 512, 128
DYNAMIC_RANGE = 80.0  # dB
LATE = 1 + N_FFT // (2 * HOP)  # a frame's difference, and half of a window
SHORT = int(0.03 * SAMPLE_RATE // HOP)  # frames: 30 ms, in which no louder one may stand
LONG = int(0.10 * SAMPLE_RATE // HOP)  # frames: 100 ms either way, whose mean is exceeded
ABOVE_MEAN = 0.07  # of the strongest onset


def onset_seconds(wave: NDArray[np.float32], sample_rate: int) -> Floats:
    """The seconds (A,) at which sounds begin in a mono wave (N,)."""
    heard = soxr.resample(wave, sample_rate, SAMPLE_RATE, quality="HQ")
    return onset_frames(onset_strength(heard)).astype(np.float64) * (HOP / SAMPLE_RATE)


def onset_strength(wave: NDArray[np.float32]) -> Floats:
    """How much louder the bands get, (T,): one value every HOP samples at SAMPLE_RATE."""
    if not len(wave):
        return np.zeros(0)
    loudness = spectrogram(
        wave,
        window_function(N_FFT, "hann"),
        frame_length=N_FFT,
        hop_length=HOP,
        power=2.0,
        pad_mode="constant",
        mel_filters=_bank(),
        log_mel="dB",
        min_value=1e-10,
        db_range=DYNAMIC_RANGE,
        dtype=np.dtype(np.float64),
    )  # (MELS, T)
    rises = np.maximum(np.diff(loudness, axis=1), 0.0).mean(axis=0)  # (T - 1,)
    strength: Floats = np.pad(rises, (LATE, 0))[: loudness.shape[1]]
    return strength


def onset_frames(strength: Floats) -> NDArray[np.int64]:
    """The frames (A,) where the strength (T,) peaks: the local maxima well above the mean."""
    scaled = strength - strength.min(initial=np.inf)
    if not scaled.any():
        return np.zeros(0, np.int64)
    scaled /= scaled.max() + np.finfo(scaled.dtype).tiny
    found = []
    frame = 0
    while frame < len(scaled):
        before = max(frame - SHORT, 0)
        around = scaled[max(frame - LONG, 0) : frame + LONG + 1]
        loudest = scaled[frame] >= scaled[before : frame + 1].max()
        if loudest and scaled[frame] >= around.mean() + ABOVE_MEAN:
            found.append(frame)
            frame += SHORT
        frame += 1
    return np.array(found, np.int64)


@cache
def _bank() -> Floats:
    bank: Floats = mel_filter_bank(
        N_FFT // 2 + 1, MELS, 0.0, SAMPLE_RATE / 2, SAMPLE_RATE, norm="slaney", mel_scale="slaney"
    )
    return bank
