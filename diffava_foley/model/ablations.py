"""What stands in the place of a part of the alignment that is left out.

Each has the shape of the part that it stands for, so that nothing else changes with it.
"""

import torch
from torch import Tensor, nn


class SecondsApart(nn.Module):
    """No transformer: each second knows only itself."""

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:  # noqa: ARG002
        """(B, T, D), mask (B, T) -> (B, T, D), as it was."""
        return x


class MeanOfSeconds(nn.Module):
    """No transformer: every second knows the mean of all that were seen."""

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D), mask (B, T) of seconds seen -> (B, T, D), the same at each second."""
        there = mask[:, :, None].to(x.dtype)  # (B, T, 1)
        mean = (x * there).sum(dim=1, keepdim=True) / there.sum(dim=1, keepdim=True).clamp(min=1)
        return mean.expand_as(x)


class Unseen(nn.Module):
    """No picture: one learned vector in the place of every second's, so that all else can stay."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.vector = nn.Parameter(torch.randn(width))

    def forward(self, video: Tensor) -> Tensor:
        """(B, T, V) -> (B, T, D), whatever is seen."""
        return self.vector.expand(*video.shape[:2], -1)


class Average(nn.Module):
    """No residual network: the plain mean of both."""

    def forward(self, video: Tensor, text: Tensor) -> Tensor:
        """(B, T, D) and (B, T, D) -> (B, T, D)."""
        return (video + text) / 2
