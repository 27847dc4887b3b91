from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from diffava_foley.errors import WeightsError
from diffava_foley.model.geometry import Geometry, measure

AUDIOLDM = Geometry(sample_rate=16_000, hop=160, bins=64, factor=4, channels=8, multiple=8)
EMBEDDED = Geometry(sample_rate=22_050, hop=256, bins=80, factor=4, channels=16, multiple=4)


def test_ten_seconds_of_audioldm_are_256_latents() -> None:
    assert AUDIOLDM.latents_a_second == 25
    assert AUDIOLDM.length(Fraction(1024, 100)) == 256
    assert AUDIOLDM.rows == 16


@pytest.mark.parametrize("geometry", [AUDIOLDM, EMBEDDED, replace(AUDIOLDM, multiple=1)])
@pytest.mark.parametrize("seconds", ["1/4", "5/2", "2.6", "10", "599.99", "600"])
def test_latents_hold_the_sound_with_little_to_spare(geometry: Geometry, seconds: str) -> None:
    duration = Fraction(seconds)

    length = geometry.length(duration)

    assert length % geometry.multiple == 0
    held = length / geometry.latents_a_second
    assert held >= duration
    assert held - max(duration, Fraction(5, 2)) < geometry.multiple / geometry.latents_a_second


def test_a_shot_too_short_for_the_model_gets_what_the_model_knows() -> None:
    assert AUDIOLDM.length(Fraction(1, 4)) == AUDIOLDM.length(Fraction(5, 2)) == 64


def part(**config: object) -> SimpleNamespace:
    return SimpleNamespace(config=type("Config", (dict,), {"__getattr__": dict.get})(config))


def test_parts_of_different_models_are_refused() -> None:
    unet = part(in_channels=8, block_out_channels=(1, 1))
    vae = part(latent_channels=4, block_out_channels=(1, 1, 1))
    vocoder = part(sampling_rate=16_000, upsample_rates=[10, 16], model_in_dim=64)

    with pytest.raises(WeightsError, match="8 latent channels and the VAE on 4"):
        measure(unet, vae, vocoder)  # type: ignore[arg-type]

    vocoder.config["model_in_dim"] = 66
    vae.config["latent_channels"] = 8
    with pytest.raises(WeightsError, match="66 mel bands"):
        measure(unet, vae, vocoder)  # type: ignore[arg-type]
