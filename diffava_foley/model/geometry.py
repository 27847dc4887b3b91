"""How long things are: seconds, samples, mel frames and latents of one set of weights.

Nothing here knows AudioLDM's 16 kHz and 64 mel bands; every number comes from the parts.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers import SpeechT5HifiGan

from diffava_foley.errors import WeightsError

from .autoencoders import Autoencoder, downsampling

MINIMUM_SECONDS = Fraction(5, 2)  # AudioLDM has never heard less, and makes noise of it


@dataclass(frozen=True)
class Geometry:
    """What the U-Net, the VAE and the vocoder agree on."""

    sample_rate: int
    """Samples a second of the vocoder."""
    hop: int
    """Samples of one mel frame."""
    bins: int
    """Mel bands."""
    factor: int
    """Mel frames, and bands, of one latent."""
    channels: int
    """Channels of a latent."""
    multiple: int
    """Latents come in multiples of this, so that the U-Net halves evenly."""

    @property
    def rows(self) -> int:
        """Latents along frequency."""
        return self.bins // self.factor

    @property
    def samples_a_latent(self) -> int:
        """Samples of one latent along time."""
        return self.hop * self.factor

    @property
    def latents_a_second(self) -> Fraction:
        """Latents along time in a second."""
        return Fraction(self.sample_rate, self.samples_a_latent)

    def length(self, duration: Fraction) -> int:
        """Latents along time that hold ``duration`` seconds, never fewer than the model knows."""
        latents = max(duration, MINIMUM_SECONDS) * self.latents_a_second
        return math.ceil(latents / self.multiple) * self.multiple


def measure(unet: UNet2DConditionModel, vae: Autoencoder, vocoder: SpeechT5HifiGan) -> Geometry:
    """The geometry of these parts, which must fit each other."""
    geometry = Geometry(
        sample_rate=int(vocoder.config.sampling_rate),
        hop=math.prod(vocoder.config.upsample_rates),
        bins=int(vocoder.config.model_in_dim),
        factor=downsampling(vae),
        channels=int(vae.config["latent_channels"]),
        multiple=2 ** (len(unet.config["block_out_channels"]) - 1),
    )
    if unet.config["in_channels"] != geometry.channels:
        raise WeightsError(
            f"the U-Net works on {unet.config['in_channels']} latent channels and the VAE on"
            f" {geometry.channels}: these parts are not of one model"
        )
    if geometry.bins % geometry.factor:
        raise WeightsError(
            f"the vocoder's {geometry.bins} mel bands do not divide by the VAE's {geometry.factor}:"
            " these parts are not of one model"
        )
    return geometry
