"""Classifier-free guidance: the caption leads away from what is said against it (2207.12598)."""

import torch
from torch import Tensor


def opposed(condition: Tensor, negative: Tensor) -> Tensor:
    """The negative (B, D), then the condition (B, D) or (B, S, D), to predict from: (2B, …)."""
    if condition.ndim == 3:
        negative = negative[:, None].expand_as(condition)  # (B, S, D)
    return torch.cat([negative.to(condition), condition])


def lead(predictions: Tensor, guidance: float, rescale: float = 0.0) -> Tensor:
    """One prediction from those of `opposed`: (2B, C, T, F) -> (B, C, T, F).

    By ``rescale``, 0 to 1, it gets back the standard deviation that it had without being led
    (2305.08891, equations 15 and 16).
    """
    without, with_caption = predictions.chunk(2)
    led = without + guidance * (with_caption - without)
    if rescale == 0:
        return led
    size = _deviation(with_caption) / _deviation(led)
    return led * (rescale * size + 1 - rescale)


def _deviation(prediction: Tensor) -> Tensor:
    return prediction.std(dim=(1, 2, 3), keepdim=True)  # (B, 1, 1, 1)
