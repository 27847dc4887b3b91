"""How often a sound finds its own clip among the others that were held out."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Retrieval:
    """Where the sounds' own clips come among all."""

    recall_1: float
    """Share of the sounds whose own clip is the likest."""
    recall_5: float
    """Share of the sounds whose own clip is among the five likest."""
    median_rank: float
    """1 is best."""
    clips: int
    """How many there were to choose from."""

    @property
    def worth(self) -> tuple[float, float]:
        """The more the better."""
        return self.recall_1 + self.recall_5, -self.median_rank


def retrieve(audio: Tensor, aligned: Tensor, mask: Tensor) -> Retrieval:
    """The retrieval of clips by their sounds: (N, T, D) twice, mask (N, T) of seconds there are.

    Two clips are as like as their seconds on average, of those that both have: equation 2's cosine.
    """
    ranks = rank(likeness(audio, aligned, mask)).double()
    return Retrieval(
        recall_1=(ranks <= 1).double().mean().item(),
        recall_5=(ranks <= 5).double().mean().item(),
        median_rank=ranks.quantile(0.5).item(),
        clips=len(ranks),
    )


def likeness(audio: Tensor, aligned: Tensor, mask: Tensor) -> Tensor:
    """The mean cosine over the seconds that sound n and clip m both have: (N, N)."""
    there = mask.to(audio.dtype)  # (N, T)
    heard = (F.normalize(audio, dim=-1) * there[..., None]).flatten(1)  # (N, T * D)
    seen = (F.normalize(aligned, dim=-1) * there[..., None]).flatten(1)
    return heard @ seen.T / (there @ there.T)


def rank(likeness: Tensor) -> Tensor:
    """Where each row's own column comes, from 1 on: (N, N) -> (N,). Equals count against it."""
    own = likeness.diagonal()[:, None]
    return torch.as_tensor((likeness >= own).sum(dim=1))
