"""The mel front end of the embedded default: what its HiFi-GAN was trained on, scaled for the VAE.

HiFi-GAN V1 "universal" (jik876/hifi-gan ``meldataset.py``): magnitude STFT, librosa's Slaney mel
basis, natural log. The VAE sees ``(log mel - MEAN) / STD``; the vocoder undoes it with its own
``normalize_before``, so no other code needs to know.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor
from transformers.audio_utils import mel_filter_bank

SAMPLE_RATE = 22_050
N_FFT = 1024
HOP = 256
N_MELS = 80
FMAX = 8000.0

FLOOR = -9.5  # of the log mel; quieter than this is silence, and not worth a latent
MEAN, STD = -5.0, 2.5

CLIP_FRAMES = 256  # 256 * 256 / 22050 = 2.97 s, what the U-Net is trained on


@cache
def _basis() -> Tensor:
    bank = mel_filter_bank(
        num_frequency_bins=N_FFT // 2 + 1,
        num_mel_filters=N_MELS,
        min_frequency=0.0,
        max_frequency=FMAX,
        sampling_rate=SAMPLE_RATE,
        norm="slaney",
        mel_scale="slaney",
    )
    return torch.from_numpy(np.asarray(bank, dtype=np.float32).T)


def log_mel(wave: Tensor) -> Tensor:
    """The scaled log mel of one wave: (N,) samples at 22.05 kHz -> (N // HOP, N_MELS)."""
    pad = (N_FFT - HOP) // 2
    padded = torch.nn.functional.pad(wave[None, None], (pad, pad), mode="reflect")[0, 0]
    spectrum = torch.stft(
        padded, N_FFT, HOP, window=torch.hann_window(N_FFT), center=False, return_complex=True
    )
    magnitude = torch.sqrt(spectrum.abs() ** 2 + 1e-9)  # (N_FFT // 2 + 1, T)
    mel = (_basis() @ magnitude).clamp(min=1e-5).log().clamp(min=FLOOR)
    return ((mel - MEAN) / STD).T.contiguous()
