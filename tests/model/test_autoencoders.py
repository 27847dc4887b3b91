import json
import shutil
from pathlib import Path

import pytest
import torch

from diffava_foley.errors import WeightsError
from diffava_foley.model.autoencoders import downsampling, read_autoencoder
from diffava_foley.model.models import Models

CPU = torch.device("cpu")


def test_the_configuration_says_which_autoencoder_it_is(
    tiny_weights: Path, tiny_embedded_weights: Path
) -> None:
    kinds = [
        type(read_autoencoder(folder / "vae", CPU)).__name__
        for folder in (tiny_weights, tiny_embedded_weights)
    ]

    assert kinds == ["AutoencoderKL", "AutoencoderDC"]


def test_a_latent_holds_as_many_mel_frames_as_the_decoder_makes_of_it(either: Models) -> None:
    geometry = either.geometry
    latents = torch.zeros(1, geometry.channels, 6, geometry.rows)

    mel = either.vae.decode(latents).sample

    assert mel.shape == (1, 1, 6 * geometry.factor, geometry.bins)
    assert geometry.factor == downsampling(either.vae)


@pytest.mark.parametrize(("config", "message"), [("{", "cannot be read"), ("[]", "cannot be read")])
def test_a_damaged_configuration_is_refused(tmp_path: Path, config: str, message: str) -> None:
    (tmp_path / "config.json").write_text(config)

    with pytest.raises(WeightsError, match=message):
        read_autoencoder(tmp_path, CPU)


def test_an_unknown_autoencoder_is_refused(tiny_weights: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_weights / "vae", tmp_path / "vae"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "_class_name": "VQModel"}))

    with pytest.raises(WeightsError, match="no autoencoder that is known here"):
        read_autoencoder(folder, CPU)
