"""Log-mel patches as Google's AudioSet networks see them, YAMNet and VGGish alike.

16 kHz, 25 ms periodic Hann windows every 10 ms, magnitudes of a 512-point transform, 64 bands from
125 to 7500 Hz that are triangles on the HTK mel scale (tensorflow/models, ``research/audioset``).
"""

from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray
from transformers.audio_utils import mel_filter_bank

SAMPLE_RATE = 16_000
WINDOW, HOP, N_FFT = 400, 160, 512
MELS = 64
PATCH = 96  # frames: 0.96 s


def log_mel_patches(
    wave: NDArray[np.float32], sample_rate: int, *, hop: int, offset: float
) -> NDArray[np.float32]:
    """Patches (P, 1, 96, 64) of a mono wave (N,), one every ``hop`` frames: log(mel + offset).

    A wave shorter than a patch is padded with silence; what is left over at the end is dropped.
    """
    heard = soxr.resample(wave, sample_rate, SAMPLE_RATE)
    shortest = WINDOW + (PATCH - 1) * HOP
    heard = np.pad(heard, (0, max(shortest - len(heard), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(heard, WINDOW)[::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    spectrum = np.abs(np.fft.rfft(frames * hann, N_FFT))  # (T, 257)
    log_mel = np.log(spectrum @ _bank() + offset)  # (T, 64)
    starts = range(0, len(log_mel) - PATCH + 1, hop)
    return np.stack([log_mel[at : at + PATCH] for at in starts])[:, None].astype(np.float32)


@cache
def _bank() -> NDArray[np.float64]:
    bank: NDArray[np.float64] = mel_filter_bank(
        N_FFT // 2 + 1,
        MELS,
        125.0,
        7500.0,
        SAMPLE_RATE,
        norm=None,
        mel_scale="htk",
        triangularize_in_mel_space=True,
    )
    return bank
