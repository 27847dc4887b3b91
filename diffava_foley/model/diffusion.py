"""AudioLDM from its own parts: noise becomes latents. What they sound like, `decoding` says.

The arithmetic is that of diffusers' ``AudioLDMPipeline`` (deprecated there); a test holds the two
together. Latents stay in float32 outside the U-Net, so that a step loses nothing in half
precision.
"""

from collections.abc import Callable
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
from .guidance import lead, opposed
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
    guided_steps = round(guided * len(scheduler.timesteps)) if guidance > 1 else 0
    pair = opposed(condition, negative)
    parts = overlap.spans(latents.shape[2], models.window_latents)
    latents = latents.to(models.device, torch.float32) * scheduler.init_noise_sigma
    random = torch.Generator("cpu").manual_seed((seed + ON_THE_WAY) % SEEDS)
    for done, t in enumerate(scheduler.timesteps, start=1):
        scaled = scheduler.scale_model_input(latents, t)
        labels, pull = (pair, guidance) if done <= guided_steps else (condition, 1.0)
        predict = partial(_predict, models, scaled, t, labels, pull, rescale, begin)
        prediction = overlap.blend(parts, predict)
        new = {}
        if sampler == STOCHASTIC:
            new["variance_noise"] = torch.randn(latents.shape, generator=random)
        latents = scheduler.step(prediction, t, latents, **new).prev_sample
        if progress is not None:
            progress(done, len(scheduler.timesteps))
    return latents


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
    return lead(prediction, guidance, rescale)


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
