import numpy as np
import pytest
import torch
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

from diffava_foley.training.embedded import patches


@pytest.fixture(scope="module")
def mels():
    random = np.random.default_rng(0)
    slow = np.cumsum(random.normal(0, 0.2, (6, 64, 80)), axis=1)
    return [mel.astype(np.float16) for mel in slow.clip(-1.8, 2.8)]


@pytest.fixture(scope="module")
def autoencoder(mels):
    return patches.fit(mels)


def test_autoencoder_gives_back_a_mel_it_never_saw(autoencoder):
    mel = torch.rand(2, 1, 32, 80) * 4.6 - 1.8

    rebuilt = autoencoder.decode(autoencoder.encode(mel).latent).sample

    assert torch.allclose(rebuilt, mel, atol=1e-3)


def test_autoencoder_survives_half_precision(autoencoder, mels, tmp_path):
    autoencoder.save_pretrained(tmp_path)
    half = AutoencoderDC.from_pretrained(tmp_path, torch_dtype=torch.float16)
    mel = torch.from_numpy(mels[0])[None, None]

    rebuilt = half.decode(half.encode(mel).latent).sample

    assert torch.allclose(rebuilt.float(), mel.float(), atol=2e-2)


def test_latents_are_a_quarter_as_long_with_unit_spread_after_scaling(autoencoder, mels):
    latents = torch.cat(
        [autoencoder.encode(torch.from_numpy(mel).float()[None, None]).latent for mel in mels]
    )

    assert latents.shape == (6, 16, 16, 20)
    assert (latents * autoencoder.config["scaling_factor"]).std().item() == pytest.approx(
        1, abs=0.05
    )


def test_components_are_uncorrelated_and_fall_in_size(autoencoder, mels):
    latents = torch.cat(
        [autoencoder.encode(torch.from_numpy(mel).float()[None, None]).latent for mel in mels]
    )
    channels = latents.transpose(0, 1).flatten(1)  # (16, N)
    covariance = torch.cov(channels)
    sizes = covariance.diag()

    assert (sizes.diff() <= 1e-4).all()
    assert (covariance - covariance.diag().diag()).abs().max() < 1e-2 * sizes.max()
