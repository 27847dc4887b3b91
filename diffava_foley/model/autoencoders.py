"""The autoencoders whose latents AudioLDM's U-Net works on.

AudioLDM's own is an ``AutoencoderKL``; the embedded default's is an ``AutoencoderDC``, whose
pixel shuffles keep texture at its size. The folder's configuration says which, as diffusers does.
"""

import json
from pathlib import Path

import torch
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL

from diffava_foley.errors import WeightsError

from . import parts

Autoencoder = AutoencoderKL | AutoencoderDC

KINDS: dict[str, type[AutoencoderKL] | type[AutoencoderDC]] = {
    "AutoencoderKL": AutoencoderKL,
    "AutoencoderDC": AutoencoderDC,
}


def read_autoencoder(folder: Path, device: torch.device) -> Autoencoder:
    """The frozen autoencoder in a folder."""
    path = folder / "config.json"
    try:
        name = json.loads(path.read_text("utf-8")).get("_class_name", "AutoencoderKL")
    except (OSError, ValueError, AttributeError) as error:
        raise WeightsError(f"{path} cannot be read, get it again: {error}") from error
    if name not in KINDS:
        raise WeightsError(f"{path} names no autoencoder that is known here: {', '.join(KINDS)}")
    autoencoder: Autoencoder = parts.read(KINDS[name], folder, device)
    return autoencoder


def downsampling(autoencoder: Autoencoder) -> int:
    """Mel frames, and bands, of one latent."""
    blocks = "encoder_block_out_channels"
    if isinstance(autoencoder, AutoencoderKL):
        blocks = "block_out_channels"
    return int(2 ** (len(autoencoder.config[blocks]) - 1))
