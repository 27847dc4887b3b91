"""The paper's contrastive loss, over the mini-batch at each second (2305.12903, equation 2)."""

import torch
from torch import Tensor
from torch.nn import functional as F

TEMPERATURE = 0.07  # the paper does not give its own; this is CLIP's and CLAP's


def loss(
    audio: Tensor,
    aligned: Tensor,
    temperature: float = TEMPERATURE,
    mask: Tensor | None = None,
) -> Tensor:
    """The mean over batch and seconds of -log p(own clip | audio): (B, T, D) twice -> ().

    ``-log( exp(sim(a_bi, v_bi) / t) / sum_m exp(sim(a_bi, v_mi) / t) )`` with cosine similarity.
    The equation writes the video feature where the text says the visual-aligned text embedding;
    ``aligned`` is the latter. The paper sums over the seconds, which is T times this mean.
    Where ``mask`` (B, T) is false a clip has no such second: nothing is asked there, and nobody is
    told apart from it.
    """
    likeness = torch.einsum(
        "bid,mid->ibm", F.normalize(audio, dim=-1), F.normalize(aligned, dim=-1)
    )  # (T, B, B)
    own = torch.arange(audio.shape[0], device=audio.device).expand(likeness.shape[:2])  # (T, B)
    if mask is None:
        return F.cross_entropy((likeness / temperature).flatten(0, 1), own.flatten())
    there = mask.T  # (T, B)
    likeness = likeness.masked_fill(~there[:, None], float("-inf"))
    return F.cross_entropy(likeness[there] / temperature, own[there])
