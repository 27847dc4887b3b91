"""Long things in windows: stretches of time that overlap and blend into one.

MultiDiffusion (Bar-Tal et al., arXiv 2302.08113) blends what the U-Net says about overlapping
windows at every step, so that a sound longer than the model ever heard stays one sound.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

OVERLAP = 1 / 4  # of a window, at least, shared with the next

Span = tuple[int, int]  # [start, stop) along time


def spans(length: int, window: int) -> tuple[Span, ...]:
    """Evenly spaced windows that cover ``length``; one of that length where it fits."""
    if length <= window:
        return ((0, length),)
    count = math.ceil((length - window) / (window * (1 - OVERLAP))) + 1
    starts = (round(i * (length - window) / (count - 1)) for i in range(count))
    return tuple((start, start + window) for start in starts)


def blend(parts: tuple[Span, ...], piece: Callable[[Span], Tensor], scale: int = 1) -> Tensor:
    """The pieces of all windows as one, weighted smoothly: each (B, C, t, F) -> (B, C, T, F).

    ``scale`` is how many positions of a piece one of its span makes.
    """
    if len(parts) == 1:
        return piece(parts[0])
    total = weight = torch.empty(0)
    for i, (start, stop) in enumerate(parts):
        here = piece((start, stop))  # (B, C, t, F)
        if i == 0:
            total = here.new_zeros(*here.shape[:2], parts[-1][1] * scale, here.shape[3])
            weight = here.new_zeros(total.shape[2], 1)
        share = _bell(here.shape[2]).to(here)  # (t, 1)
        total[:, :, start * scale : stop * scale] += share * here
        weight[start * scale : stop * scale] += share
    return total / weight


def _bell(length: int) -> Tensor:
    """Raised cosines at both ends of a window; never zero, so that any cover can be normalised."""
    edge = round(length * OVERLAP)
    rise = torch.sin((torch.arange(edge) + 0.5) / edge * math.pi / 2) ** 2
    return torch.cat([rise, torch.ones(length - 2 * edge), rise.flip(0)])[:, None]
