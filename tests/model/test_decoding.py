from dataclasses import replace

import pytest
import torch

from diffava_foley.model import decoding, diffusion
from diffava_foley.model.models import Models


def test_the_vocoder_in_chunks_is_the_vocoder_at_once(
    either: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    mel = torch.randn(1, 300, either.geometry.bins, generator=torch.Generator().manual_seed(0))
    whole = decoding._vocode(either, mel)

    monkeypatch.setattr(decoding, "VOCODER_CHUNK", 97)

    torch.testing.assert_close(decoding._vocode(either, mel), whole, atol=1e-5, rtol=1e-4)


def test_a_decoded_window_is_as_it_is_alone_away_from_its_neighbours(either: Models) -> None:
    """Group norms see the whole window, so only the level may differ a little."""
    window = either.window_latents
    latents = diffusion.noise(either.geometry, 2 * window, seed=0)

    long, short = (
        decoding.decode(either, latents),
        decoding.decode(either, latents[:, :, :window]),
    )

    quarter = short.shape[1] // 4
    torch.testing.assert_close(long[:, :quarter], short[:, :quarter], atol=1e-5, rtol=1e-4)


def test_a_vocoder_that_gives_a_few_samples_more_is_cut(tiny: Models) -> None:
    """AudioLDM's own does: kernels of 16 at rates of 5 leave 32 samples over."""
    from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

    config = SpeechT5HifiGanConfig(
        model_in_dim=8,
        upsample_initial_channel=32,
        upsample_rates=[5, 4, 2, 2, 2],
        upsample_kernel_sizes=[16, 16, 8, 4, 4],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1]],
    )
    torch.manual_seed(0)
    vocoder = SpeechT5HifiGan(config).eval().requires_grad_(False)
    mel = torch.randn(1, 1500, 8)
    assert vocoder(mel).shape[1] == 1500 * 160 + 32

    sound = decoding._vocode(replace(tiny, vocoder=vocoder), mel)

    torch.testing.assert_close(sound, vocoder(mel)[:, : 1500 * 160], atol=1e-6, rtol=1e-4)
