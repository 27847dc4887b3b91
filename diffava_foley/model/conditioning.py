"""A condition that changes with time, at no extra pass of the U-Net.

AudioLDM's condition enters each residual block as a vector added at every position,
``conv1(x) + W [act(t), act(c)] + b``. The difference that another embedding makes there,
``W_c (act(c_at_time) - act(c))``, does not depend on the step; adding it after ``conv1`` gives
each moment its own second's embedding and leaves every weight as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import torch
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional as F

from diffava_foley.errors import WeightsError


def is_constant(seconds: Tensor) -> bool:
    """Whether every second of (B, S, D) has the same embedding, to the last bit."""
    return bool((seconds == seconds[:, :1]).all())


def one_vector(seconds: Tensor) -> Tensor:
    """The mean direction of all seconds, the paper's one condition: (B, S, D) -> (B, D).

    Constant seconds give their own embedding to the last bit.
    """
    first = seconds[:, 0]  # (B, D)
    mean = first + (seconds - first[:, None]).mean(dim=1)
    return first + (F.normalize(mean, dim=-1) - F.normalize(first, dim=-1))


def at_times(seconds: Tensor, times: Tensor) -> Tensor:
    """Embeddings between the middles of the seconds: (B, S, D) at (H,) seconds -> (B, H, D)."""
    last = seconds.shape[1] - 1
    place = (times - 0.5).clamp(0, last)  # second i is heard at i + 1/2
    before = place.floor().long()
    after = (before + 1).clamp(max=last)
    share = (place - before)[None, :, None].to(seconds)
    between = torch.lerp(seconds[:, before], seconds[:, after], share)  # exact where both agree
    return F.normalize(between, dim=-1)


def quietened(seconds: Tensor, presence: Tensor, quiet: Tensor) -> Tensor:
    """Seconds (B, S, D) that turn to silence (B, D) as far as presence (B, S) is below one."""
    there = presence[..., None].to(seconds)
    moved = F.normalize(torch.lerp(quiet[:, None].expand_as(seconds), seconds, there), dim=-1)
    return torch.where(there < 1, moved, seconds)


def held(seconds: Tensor, presence: Tensor) -> Tensor:
    """Seconds (1, T, D) of which those that are not shown, by presence (1, T), repeat the nearest
    that is; as they are where none is."""
    shown = presence[0] > 0.5
    if not shown.any():
        return seconds
    place = torch.arange(len(shown), device=shown.device)
    away = (place[:, None] - place[None, shown]).abs()  # (T, shown)
    return seconds[:, place[shown][away.argmin(dim=1)]]


@contextmanager
def varying(
    unet: UNet2DConditionModel, seconds: Tensor, start: float, stop: float
) -> Iterator[Tensor]:
    """The class labels (B, D) to call ``unet`` with while its condition follows the seconds.

    ``seconds`` (B, S, D) are the whole shot's; the latents to come lie between the times
    ``start`` and ``stop``.
    """
    _check(unet)
    first = seconds[:, 0]  # (B, D)

    @cache
    def change(height: int) -> Tensor:
        times = start + (torch.arange(height, device=seconds.device) + 0.5) * (
            (stop - start) / height
        )
        there = _activated(unet, at_times(seconds, times))  # (B, H, E)
        return there - _activated(unet, F.normalize(first, dim=-1)[:, None])

    def add(resnet: ResnetBlock2D, _conv: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
        moved = change(output.shape[2])  # (B, H, E)
        weight = resnet.time_emb_proj.weight[:, -moved.shape[2] :]  # the condition's columns
        return output + F.linear(moved, weight).transpose(1, 2)[..., None]  # (B, C, H, 1)

    hooks = [
        resnet.conv1.register_forward_hook(partial(add, resnet))
        for resnet in unet.modules()
        if isinstance(resnet, ResnetBlock2D)
    ]
    try:
        yield first
    finally:
        for hook in hooks:
            hook.remove()


def _activated(unet: UNet2DConditionModel, embeddings: Tensor) -> Tensor:
    labels = embeddings.to(unet.class_embedding.weight.dtype)
    activated: Tensor = F.silu(unet.class_embedding(labels))
    return activated


def _check(unet: UNet2DConditionModel) -> None:
    concatenated = unet.config["class_embeddings_concat"] and unet.time_embed_act is None
    linear = isinstance(unet.class_embedding, nn.Linear)
    plain = all(
        resnet.time_embedding_norm == "default"
        and isinstance(resnet.nonlinearity, nn.SiLU)
        and not resnet.skip_time_act
        for resnet in unet.modules()
        if isinstance(resnet, ResnetBlock2D)
    )
    if not (concatenated and linear and plain):
        raise WeightsError(
            "the U-Net of these weights does not take its condition as AudioLDM's does:"
            " use the global conditioning"
        )
