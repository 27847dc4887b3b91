"""The mel autoencoder of the embedded default: principal components of 4 x 4 patches.

diffusers' ``AutoencoderDC`` (DC-AE, arXiv 2410.10733), whose down- and upsampling are pixel
shuffles, with its convolutions set in closed form: the encoder gives the 16 principal components
of each 4 x 4 patch of the scaled log mel, the decoder puts the patch together again. It loses
nothing, so texture survives; a learned ``AutoencoderKL`` of the same latent shape blurred it (the
card has both figures).

Between the decoder's last shuffle and its output stand an RMS norm and a ReLU. Two constant
channels of size ``LOUD`` hold the norm still, and the signal passes the ReLU as a pair
``relu(x) - relu(-x) = x``.
"""

from collections.abc import Iterable

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from numpy.typing import NDArray
from torch import Tensor

SIDE = 4
CHANNELS = SIDE * SIDE
LOUD = 256.0
WHITENING = 0.5  # of each component's standard deviation: 0 keeps the variances, 1 levels them


def fit(mels: Iterable[NDArray[np.float16]]) -> AutoencoderDC:
    """The autoencoder of these mels, each (T, 80): (B, 1, T, 80) <-> (B, 16, T / 4, 20)."""
    patches = torch.cat([_patches(torch.from_numpy(mel.astype(np.float32))) for mel in mels])
    mean = patches.mean(dim=0)  # (16,)
    values, vectors = torch.linalg.eigh(torch.cov(patches.T))
    values, vectors = values.flip(0), vectors.flip(1)  # largest first
    spread = values.clamp(min=1e-8).sqrt() ** WHITENING
    analysis = (vectors / spread).T  # (component, pixel)
    synthesis = vectors * spread  # (pixel, component)
    model = _empty()
    model.register_to_config(scaling_factor=float(1 / ((patches - mean) @ analysis.T).std()))
    state = {name: torch.zeros_like(weight) for name, weight in model.state_dict().items()}
    state["encoder.conv_in.weight"][0, 0, 1, 1] = 1
    state["encoder.conv_out.weight"][:, :, 1, 1] = analysis
    state["encoder.conv_out.bias"] = -analysis @ mean
    state["decoder.conv_in.weight"][:, :, 1, 1] = synthesis
    state["decoder.conv_in.bias"] = mean
    last = "decoder.up_blocks.0.0.conv"
    _signed_pair(state[f"{last}.weight"], state[f"{last}.bias"])
    state["decoder.norm_out.weight"][:2] = LOUD / 2**0.5  # the RMS of (x, -x, LOUD, LOUD)
    state["decoder.conv_out.weight"][0, :2, 1, 1] = torch.tensor([1.0, -1.0])
    model.load_state_dict(state)
    frozen: AutoencoderDC = model.eval().requires_grad_(False)
    return frozen


def _patches(mel: Tensor) -> Tensor:
    """(T, 80) -> (T / 4 * 20, 16), in the order of the encoder's pixel shuffles."""
    spectrum = mel[: len(mel) // SIDE * SIDE][None, None]
    shuffled = torch.nn.functional.pixel_unshuffle(
        torch.nn.functional.pixel_unshuffle(spectrum, 2), 2
    )  # (1, 16, T / 4, 20)
    return shuffled[0].flatten(1).T


def _empty() -> AutoencoderDC:
    """The architecture: one residual block a stage, all of which stay closed, and the shuffles."""
    model: AutoencoderDC = AutoencoderDC(
        in_channels=1,
        latent_channels=CHANNELS,
        encoder_block_out_channels=(1, 4, CHANNELS),
        decoder_block_out_channels=(4, 4, CHANNELS),
        encoder_layers_per_block=(1, 1, 1),
        decoder_layers_per_block=(1, 1, 1),
        encoder_qkv_multiscales=((), (), ()),
        decoder_qkv_multiscales=((), (), ()),
        encoder_out_shortcut=False,
        decoder_in_shortcut=False,
    )
    return model


def _signed_pair(weight: Tensor, bias: Tensor) -> None:
    """Makes the last upsampling give (x, -x, LOUD, LOUD) from the four pixels of x it is given.

    The block adds its own shortcut, each channel to its four pixels, which is taken off here.
    """
    pixels = torch.arange(4)
    weight[pixels, pixels, 1, 1] = 1
    weight[4 + pixels, pixels, 1, 1] = -1
    for channel in range(4):
        weight[4 * channel + pixels, channel, 1, 1] -= 1
    bias[8:] = LOUD
