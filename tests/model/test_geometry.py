from dataclasses import replace
from fractions import Fraction

import pytest
from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

from diffava_foley.errors import WeightsError
from diffava_foley.model.geometry import Geometry, measure
from diffava_foley.model.models import Models

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


def test_the_parts_say_how_long_things_are(tiny: Models, tiny_embedded: Models) -> None:
    assert tiny.geometry == Geometry(16_000, 160, 8, 2, 4, 2)
    assert tiny_embedded.geometry == Geometry(22_050, 256, 20, 4, 16, 2)


def test_a_unet_and_a_vae_of_different_models_are_refused(
    tiny: Models, tiny_embedded: Models
) -> None:
    with pytest.raises(WeightsError, match="4 latent channels and the VAE on 16"):
        measure(tiny.unet, tiny_embedded.vae, tiny.vocoder)


def test_a_vocoder_that_does_not_fit_the_vae_is_refused(tiny_embedded: Models) -> None:
    config = SpeechT5HifiGanConfig(model_in_dim=22, upsample_initial_channel=16)

    with pytest.raises(WeightsError, match="22 mel bands do not divide by the VAE's 4"):
        measure(tiny_embedded.unet, tiny_embedded.vae, SpeechT5HifiGan(config))
