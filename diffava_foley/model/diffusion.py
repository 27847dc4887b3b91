"""AudioLDM from its own parts: noise, denoise, decode.

The arithmetic is that of diffusers' ``AudioLDMPipeline`` (deprecated there); a test holds the two
together. Latents stay in float32 outside the U-Net, so that a step loses nothing in half
precision.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    HeunDiscreteScheduler,
    UniPCMultistepScheduler,
)
from torch import Tensor

from . import conditioning, overlap
from .geometry import Geometry
from .models import Models

STOCHASTIC = "dpmpp-sde"  # SDE-DPM-Solver++(2M), 2211.01095: every step adds a little new noise
SCHEDULERS: dict[str, Callable[..., Any]] = {
    "ddim": DDIMScheduler.from_config,
    "dpmpp": DPMSolverMultistepScheduler.from_config,
    STOCHASTIC: partial(DPMSolverMultistepScheduler.from_config, algorithm_type="sde-dpmsolver++"),
    "unipc": UniPCMultistepScheduler.from_config,
    "heun": HeunDiscreteScheduler.from_config,
}
ON_THE_WAY = 7_777_777  # from the seed of the first noise to that of the steps'
SEEDS = 2**63

VOCODER_CHUNK = 1024  # mel frames decoded at a time
VOCODER_CONTEXT = 64  # mel frames on either side; HiFi-GAN hears less than 32

Progress = Callable[[int, int], None]


def noise(geometry: Geometry, length: int, seed: int) -> Tensor:
    """Latents to begin with, (1, C, length, rows): the same on every device for one seed."""
    generator = torch.Generator("cpu").manual_seed(seed)
    return torch.randn(1, geometry.channels, length, geometry.rows, generator=generator)


def denoise(
    models: Models,
    latents: Tensor,
    condition: Tensor,
    negative: Tensor,
    *,
    steps: int,
    guidance: float,
    sampler: str = "ddim",
    guided: float = 1.0,
    rescale: float = 0.0,
    begin: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Tensor:
    """Latents of a sound: (B, C, T, F) of noise -> (B, C, T, F).

    ``condition`` is (B, D), or (B, S, D) with one embedding a second; ``negative`` (B, D) is what
    the guidance leads away from, in the first ``guided`` share of the steps (2404.07724); the
    others follow the condition alone, at half the cost. By ``rescale``, 0 to 1, what it
    exaggerates gets back the standard deviation that it had (2305.08891, equation 16). What is
    longer than the model's window is denoised in windows. The first of the latents is the shot's
    latent ``begin``; ``seed`` gives the noise of a stochastic sampler's steps.
    """
    scheduler = SCHEDULERS[sampler](models.scheduler_config)
    scheduler.set_timesteps(steps, device=models.device)
    led = round(guided * len(scheduler.timesteps)) if guidance > 1 else 0
    both = _guided(condition, negative)
    parts = overlap.spans(latents.shape[2], window_latents(models))
    latents = latents.to(models.device, torch.float32) * scheduler.init_noise_sigma
    random = torch.Generator("cpu").manual_seed((seed + ON_THE_WAY) % SEEDS)
    for done, t in enumerate(scheduler.timesteps, start=1):
        scaled = scheduler.scale_model_input(latents, t)
        labels, pull = (both, guidance) if done <= led else (condition, 1.0)
        predict = partial(_predict, models, scaled, t, labels, pull, rescale, begin)
        prediction = overlap.blend(parts, predict)
        new = {}
        if sampler == STOCHASTIC:
            new["variance_noise"] = torch.randn(latents.shape, generator=random)
        latents = scheduler.step(prediction, t, latents, **new).prev_sample
        if progress is not None:
            progress(done, len(scheduler.timesteps))
    return latents


def decode(models: Models, latents: Tensor) -> Tensor:
    """The sound of latents: (B, C, T, F) -> (B, N) samples, N = T * samples_a_latent."""
    factor = models.geometry.factor
    parts = overlap.spans(latents.shape[2], window_latents(models))
    unscaled = latents.to(models.device, models.vae.dtype) / models.vae.config["scaling_factor"]

    def mel(span: overlap.Span) -> Tensor:
        decoded: Tensor = models.vae.decode(unscaled[:, :, span[0] : span[1]]).sample
        return decoded  # (B, 1, t * factor, bins)

    return _vocode(models, overlap.blend(parts, mel, factor)[:, 0])


def window_latents(models: Models) -> int:
    """Latents that the model works on at once."""
    seconds = Fraction(models.weights.window_seconds).limit_denominator(1000)
    return models.geometry.length(seconds)


def _guided(condition: Tensor, negative: Tensor) -> Tensor:
    if condition.ndim == 3:
        negative = negative[:, None].expand_as(condition)  # (B, S, D)
    return torch.cat([negative.to(condition), condition])


def _predict(
    models: Models,
    latents: Tensor,
    t: Any,
    labels: Tensor,
    guidance: float,
    rescale: float,
    begin: int,
    span: overlap.Span,
) -> Tensor:
    """What the U-Net makes of one window, led by the guidance: (B, C, t, F), float32."""
    here = latents[:, :, span[0] : span[1]]
    doubled = torch.cat([here] * (labels.shape[0] // here.shape[0]))
    shot = (begin + span[0], begin + span[1])
    prediction = _call(models, doubled, t, labels, shot).float()
    if guidance <= 1:
        return prediction
    without, with_caption = prediction.chunk(2)
    led = without + guidance * (with_caption - without)
    if rescale == 0:
        return led
    size = _size(with_caption) / _size(led)
    return led * (rescale * size + 1 - rescale)


def _size(prediction: Tensor) -> Tensor:
    return prediction.std(dim=(1, 2, 3), keepdim=True)  # (B, 1, 1, 1)


def _call(models: Models, latents: Tensor, t: Any, labels: Tensor, span: overlap.Span) -> Tensor:
    latents, labels = latents.to(models.dtype), labels.to(models.device)
    if labels.ndim == 2:
        return _unet(models, latents, t, labels)
    start, stop = (float(place / models.geometry.latents_a_second) for place in span)
    with conditioning.varying(models.unet, labels, start, stop) as first:
        return _unet(models, latents, t, first)


def _unet(models: Models, latents: Tensor, t: Any, labels: Tensor) -> Tensor:
    predicted: Tensor = models.unet(
        latents, t, encoder_hidden_states=None, class_labels=labels.to(models.dtype)
    ).sample
    return predicted


def _vocode(models: Models, mel: Tensor) -> Tensor:
    """(B, T, bins) -> (B, T * hop), in chunks that hear enough of their neighbours to be exact."""
    hop, frames = models.geometry.hop, mel.shape[1]
    waves = []
    for start in range(0, frames, VOCODER_CHUNK):
        left = min(start, VOCODER_CONTEXT)
        heard = mel[:, start - left : start + VOCODER_CHUNK + VOCODER_CONTEXT]
        wave = models.vocoder(heard.to(models.vocoder.dtype)).float()
        count = min(VOCODER_CHUNK, frames - start)
        waves.append(wave[:, left * hop : (left + count) * hop].cpu())  # (B, count * hop)
    return torch.cat(waves, dim=1)
