"""From latents to samples: the VAE's decoder and the vocoder, both a part at a time."""

import torch
from torch import Tensor

from . import overlap
from .models import Models

VOCODER_CHUNK = 1024  # mel frames decoded at a time
VOCODER_CONTEXT = 64  # mel frames on either side; HiFi-GAN hears less than 32


def decode(models: Models, latents: Tensor) -> Tensor:
    """The sound of latents: (B, C, T, F) -> (B, N) samples, N = T * samples_a_latent."""
    factor = models.geometry.factor
    parts = overlap.spans(latents.shape[2], models.window_latents)
    unscaled = latents.to(models.device, models.vae.dtype) / models.vae.config["scaling_factor"]

    def mel(span: overlap.Span) -> Tensor:
        decoded: Tensor = models.vae.decode(unscaled[:, :, span[0] : span[1]]).sample
        return decoded  # (B, 1, t * factor, bins)

    return _vocode(models, overlap.blend(parts, mel, factor)[:, 0])


def _vocode(models: Models, mel: Tensor) -> Tensor:
    """(B, T, bins) -> (B, T * hop), in chunks that hear enough of their neighbours to be exact."""
    hop, frames = models.geometry.hop, mel.shape[1]
    waves = []
    for start in range(0, frames, VOCODER_CHUNK):
        left = min(start, VOCODER_CONTEXT)
        heard = mel[:, start - left : start + VOCODER_CHUNK + VOCODER_CONTEXT]
        wave = models.vocoder(heard.to(models.vocoder.dtype)).float()
        count = min(VOCODER_CHUNK, frames - start)
        waves.append(wave[:, left * hop : (left + count) * hop].cpu())  # (B, count * hop)
    return torch.cat(waves, dim=1)
