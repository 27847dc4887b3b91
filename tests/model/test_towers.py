import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import ClapAudioConfig, ClapAudioModelWithProjection, ClapFeatureExtractor

from diffava_foley.errors import CheckpointMismatch
from diffava_foley.model.models import Models
from diffava_foley.model.towers import TransformersClap


@pytest.fixture
def ear(either: Models) -> TransformersClap:
    assert isinstance(either.ear, TransformersClap)
    return either.ear


def noise(*shape: int) -> Tensor:
    return torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, shape).astype(np.float32))


def test_captions_and_sounds_become_vectors_of_unit_length(ear: TransformersClap) -> None:
    said, heard = ear.embed_text(["rain", ""]), ear.embed_audio(noise(3, 16_000), 16_000)

    assert (said.shape, heard.shape) == ((2, ear.width), (3, ear.width))
    torch.testing.assert_close(torch.cat([said, heard]).norm(dim=-1), torch.ones(5))


def test_a_caption_too_long_is_told(
    ear: TransformersClap, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        ear.embed_text(["rain " * 200, "rain"])

    assert caplog.text.count("longer than the model reads") == 1


def test_a_sound_does_not_depend_on_its_batch(ear: TransformersClap) -> None:
    waves = noise(20, 8_000)

    together = ear.embed_audio(waves, 8_000)

    torch.testing.assert_close(together[:1], ear.embed_audio(waves[:1], 8_000))
    torch.testing.assert_close(together[-1:], ear.embed_audio(waves[-1:], 8_000))


def test_a_long_sound_is_heard_whole_and_always_the_same(ear: TransformersClap) -> None:
    wave = noise(1, 5 * 8_000)
    other = wave.clone()
    other[:, -8_000:] *= torch.sin(torch.arange(8_000) / 3)

    first, again = (ear.embed_audio(wave, 8_000) for _ in range(2))

    assert torch.equal(first, again)
    assert not torch.equal(first, ear.embed_audio(other, 8_000))


def test_a_long_sound_is_the_mean_of_its_stretches(ear: TransformersClap) -> None:
    wave = noise(1, 4 * 8_000)  # two stretches of two seconds

    halves = torch.cat([ear.embed_audio(half, 8_000) for half in wave.chunk(2, dim=1)])

    mean = torch.nn.functional.normalize(halves.mean(dim=0, keepdim=True), dim=-1)
    torch.testing.assert_close(ear.embed_audio(wave, 8_000), mean)


def test_no_piece_of_a_fused_clap_is_called_longer_by_chance(ear: TransformersClap) -> None:
    """Its extractor calls one piece of every batch longer, whichever."""
    config = ear.audio_encoder.config.to_dict()
    fused = ClapAudioConfig(**{**config, "enable_fusion": True, "fusion_type": "aff_2d"})
    values = {**ear.feature_extractor.to_dict(), "truncation": "fusion"}
    clap = replace(
        ear,
        audio_encoder=ClapAudioModelWithProjection(fused).eval(),
        feature_extractor=ClapFeatureExtractor.from_dict(values),
    )
    waves = noise(2, 8_000)

    together = clap.embed_audio(waves, 8_000)

    torch.testing.assert_close(together[:1], clap.embed_audio(waves[:1], 8_000))
    torch.testing.assert_close(together[1:], clap.embed_audio(waves[1:], 8_000))


def test_towers_of_two_claps_are_refused(ear: TransformersClap) -> None:
    wider = replace_width(ear)

    with pytest.raises(CheckpointMismatch, match="text encoder 8, audio encoder 12"):
        replace(ear, audio_encoder=wider)


def replace_width(ear: TransformersClap) -> torch.nn.Module:
    config = ear.audio_encoder.config.__class__(**ear.audio_encoder.config.to_dict())
    config.projection_dim = 12
    return type(ear.audio_encoder)(config)
