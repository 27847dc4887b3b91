import json

import pytest
import torch
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL

from diffava_foley.errors import WeightsError
from diffava_foley.model import autoencoders

CPU = torch.device("cpu")


@pytest.fixture
def shuffling(tmp_path):
    AutoencoderDC(
        in_channels=1,
        latent_channels=4,
        encoder_block_out_channels=(4, 4, 4),
        decoder_block_out_channels=(4, 4, 4),
        encoder_layers_per_block=(1, 1, 1),
        decoder_layers_per_block=(1, 1, 1),
        encoder_qkv_multiscales=((), (), ()),
        decoder_qkv_multiscales=((), (), ()),
        encoder_out_shortcut=False,
        decoder_in_shortcut=False,
    ).save_pretrained(tmp_path)
    return tmp_path


def test_the_folder_says_which_autoencoder_it_holds(shuffling, tiny_weights):
    assert isinstance(autoencoders.read_autoencoder(shuffling, CPU), AutoencoderDC)
    assert isinstance(autoencoders.read_autoencoder(tiny_weights / "vae", CPU), AutoencoderKL)


def test_downsampling_is_how_many_frames_one_latent_is(shuffling):
    autoencoder = autoencoders.read_autoencoder(shuffling, CPU)

    latent = autoencoder.encode(torch.zeros(1, 1, 32, 16)).latent

    assert 32 // latent.shape[2] == autoencoders.downsampling(autoencoder) == 4


def test_an_unknown_autoencoder_is_refused_by_name(shuffling):
    config = shuffling / "config.json"
    config.write_text(json.dumps({"_class_name": "AutoencoderOobleck"}))

    with pytest.raises(WeightsError, match="no autoencoder that is known"):
        autoencoders.read_autoencoder(shuffling, CPU)
