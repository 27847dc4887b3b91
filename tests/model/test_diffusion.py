from copy import deepcopy
from fractions import Fraction

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from diffava_foley.model import decoding, diffusion, encoders
from diffava_foley.model.models import Models
from diffava_foley.model.settings import SAMPLERS


def unit(*shape: int, seed: int = 0) -> Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


def render(models: Models, condition: Tensor, length: int = 64, **options: object) -> Tensor:
    latents = diffusion.noise(models.geometry, length, seed=3)
    settings = {"steps": 3, "guidance": 2.5, **options}
    return diffusion.denoise(models, latents, condition, unit(1, 8, seed=9), **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("guidance", [1.0, 2.5])
@pytest.mark.parametrize("steps", [1, 7])
def test_a_sound_is_what_diffusers_own_pipeline_makes(
    either: Models, guidance: float, steps: int
) -> None:
    from diffusers import AudioLDMPipeline, DDIMScheduler

    vae = deepcopy(either.vae)
    if "block_out_channels" not in vae.config:  # the one thing it asks of an AutoencoderKL
        vae.register_to_config(block_out_channels=vae.config["encoder_block_out_channels"])
    reference = AudioLDMPipeline(
        vae=vae,
        text_encoder=either.text_encoder,
        tokenizer=either.tokenizer,
        unet=either.unet,
        scheduler=DDIMScheduler.from_config(either.scheduler_config),
        vocoder=either.vocoder,
    )
    reference.set_progress_bar_config(disable=True)
    length, geometry = 64, either.geometry
    seconds = length * geometry.samples_a_latent / geometry.sample_rate
    expected = reference(
        prompt="a dog barks",
        negative_prompt="rain",
        audio_length_in_s=seconds + 1e-6,
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(5),
        output_type="pt",
    ).audios

    text, negative = (encoders.embed_text(either, [caption]) for caption in ("a dog barks", "rain"))
    latents = diffusion.denoise(
        either,
        diffusion.noise(geometry, length, seed=5),
        text,
        negative,
        steps=steps,
        guidance=guidance,
    )
    sound = decoding.decode(either, latents)

    assert sound.shape == (1, length * geometry.samples_a_latent)
    torch.testing.assert_close(sound, expected[:, : sound.shape[1]], atol=2e-5, rtol=1e-4)


def test_a_constant_embedding_sounds_the_same_per_second_as_globally(either: Models) -> None:
    text = unit(1, 8)

    everywhere, each_second = render(either, text), render(either, text[:, None].expand(1, 5, 8))

    torch.testing.assert_close(each_second, everywhere, atol=5e-5, rtol=1e-4)


def test_a_constant_embedding_agrees_in_windows_too(either: Models) -> None:
    text, length = unit(1, 8), 3 * either.window_latents

    everywhere = render(either, text, length)
    each_second = render(either, text[:, None].expand(1, 40, 8), length)

    torch.testing.assert_close(each_second, everywhere, atol=5e-5, rtol=1e-4)


def test_seconds_that_differ_change_the_sound_where_they_are(tiny: Models) -> None:
    rate = float(tiny.geometry.latents_a_second)
    length = int(10 * rate)
    before = unit(1, 1, 8).expand(1, 10, 8)
    after = before.clone()
    after[:, 7:] = unit(1, 1, 8, seed=1)

    change = (
        (render(tiny, before, length, steps=1) - render(tiny, after, length, steps=1))
        .abs()
        .mean(dim=(0, 1, 3))
    )

    early, late = change[: int(5 * rate)].mean(), change[int(8 * rate) :].mean()
    assert late > 2 * early  # attention and group norms let a little through


def test_in_a_long_sound_each_window_follows_its_own_seconds(either: Models) -> None:
    length = either.geometry.length(Fraction(40))
    before = unit(1, 1, 8).expand(1, 40, 8)
    after = before.clone()
    after[:, 36:] = unit(1, 1, 8, seed=1)

    first, second = (render(either, c, length, steps=1) for c in (before, after))

    changed = (first - second).abs().amax(dim=(0, 1, 3))
    half = length // 2
    assert changed[:half].max() == 0
    assert changed[-20:].min() > 0


def test_hooks_are_gone_after_a_sound(tiny: Models) -> None:
    render(tiny, unit(1, 4, 8))

    assert not any(module._forward_hooks for module in tiny.unet.modules())


def test_the_guidance_leads_away_from_the_negative(tiny: Models) -> None:
    text = unit(1, 8)

    assert not torch.equal(render(tiny, text, guidance=2.0), render(tiny, text, guidance=4.0))
    assert torch.equal(
        render(tiny, text, guidance=1.0),
        diffusion.denoise(
            tiny, diffusion.noise(tiny.geometry, 64, 3), text, text, steps=3, guidance=1.0
        ),
    )


def test_guidance_in_no_step_is_no_guidance_and_in_some_it_is_something_between(
    tiny: Models,
) -> None:
    text = unit(1, 8)
    every, none, half, alone = (
        render(tiny, text, steps=4, **choice)
        for choice in (
            {"guidance": 4.0},
            {"guidance": 4.0, "guided": 0.0},
            {"guidance": 4.0, "guided": 0.5},
            {"guidance": 1.0},
        )
    )

    assert torch.equal(none, alone)
    assert 0 < (half - alone).norm() < 2 * (every - alone).norm()
    assert not torch.equal(half, every)


def test_a_step_without_guidance_calls_the_network_for_half_as_much(tiny: Models) -> None:
    sizes: list[int] = []
    hook = tiny.unet.register_forward_pre_hook(lambda _, inputs: sizes.append(len(inputs[0])))

    render(tiny, unit(1, 8), steps=4, guidance=4.0, guided=0.5)

    hook.remove()
    assert sizes == [2, 2, 1, 1]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_ends_in_finite_latents(either: Models, sampler: str) -> None:
    seen: list[tuple[int, int]] = []

    latents = render(
        either,
        unit(1, 8),
        sampler=sampler,
        steps=6,
        progress=lambda done, steps: seen.append((done, steps)),
    )

    assert torch.isfinite(latents).all()
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert seen[-1] == (len(seen), len(seen))


def test_samplers_agree_on_where_they_go(tiny: Models) -> None:
    """Each solves the same equation; with many steps they meet."""
    results = {
        name: render(tiny, unit(1, 8), steps=150, guidance=1.0, length=16, sampler=name)
        for name in SAMPLERS
        if name != diffusion.STOCHASTIC
    }

    spread = results["ddim"].std()
    for name in results:
        assert (results[name] - results["ddim"]).abs().mean() < 0.1 * spread, name


def test_a_stochastic_sampler_draws_the_noise_of_its_steps_from_the_seed(tiny: Models) -> None:
    one, again, other = (
        render(tiny, unit(1, 8), sampler=diffusion.STOCHASTIC, seed=seed) for seed in (1, 1, 2)
    )

    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(render(tiny, unit(1, 8), seed=1), render(tiny, unit(1, 8), seed=2))


def test_what_a_stochastic_sampler_adds_is_not_the_noise_that_it_began_with(
    tiny: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Tensor] = []
    randn = torch.randn

    def draw(*args: object, **options: object) -> Tensor:
        drawn.append(randn(*args, **options))  # type: ignore[call-overload]
        return drawn[-1]

    monkeypatch.setattr(torch, "randn", draw)
    render(tiny, unit(1, 8), steps=4, sampler=diffusion.STOCHASTIC, seed=3)

    noises = [noise for noise in drawn if noise.ndim == 4]
    assert len(noises) == 5  # to begin with, and one a step
    for number, noise in enumerate(noises):
        for later in noises[number + 1 :]:
            assert torch.corrcoef(torch.stack([noise.flatten(), later.flatten()]))[0, 1].abs() < 0.1


def test_the_same_seed_gives_the_same_bits_and_another_does_not(either: Models) -> None:
    first, again = (diffusion.noise(either.geometry, 32, seed=1) for _ in range(2))

    assert torch.equal(first, again)
    assert not torch.equal(first, diffusion.noise(either.geometry, 32, seed=2))
    assert torch.equal(render(either, unit(1, 8)), render(either, unit(1, 8)))


def test_a_long_sound_is_denoised_in_windows_and_stays_finite(either: Models) -> None:
    length = either.geometry.length(Fraction(25))
    assert length > 2 * either.window_latents

    latents = render(either, unit(1, 8), length=length)
    sound = decoding.decode(either, latents)

    assert torch.isfinite(sound).all()
    assert sound.shape == (1, length * either.geometry.samples_a_latent)


def test_a_part_of_a_shot_follows_the_shots_own_seconds(tiny: Models) -> None:
    second = int(tiny.geometry.latents_a_second)
    seconds = unit(1, 4, 8, seed=4)
    seconds[:, 1] = seconds[:, 0]  # the first of the part has nothing before it

    part = render(tiny, seconds, begin=second)

    torch.testing.assert_close(part, render(tiny, seconds[:, 1:]))
    assert not torch.allclose(part, render(tiny, seconds))
