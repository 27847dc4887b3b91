"""Long sounds, heard in stretches: what CLAP cannot hear at once is the mean of its pieces."""

from collections.abc import Callable
from fractions import Fraction

import torch
from torch import Tensor
from torch.nn import functional as F

from diffava_foley.media.audio import resample
from diffava_foley.media.windows import nearest

TOGETHER = 16  # pieces in one pass: the memory of a long sound does not grow with its length


def embed(
    hear: Callable[[Tensor], Tensor], waves: Tensor, sample_rate: int, rate: int, at_once: int
) -> Tensor:
    """The sounds' embeddings, of unit length: (B, N) samples -> (B, D).

    ``hear`` turns pieces (S, up to ``at_once``) at ``rate`` into vectors (S, D). A piece counts
    for as much as every other, as a sound's last one is not heard less for being short.
    """
    length = nearest(Fraction(waves.shape[1] * rate, sample_rate))
    samples = waves.detach().float().cpu().numpy()
    heard = torch.from_numpy(resample(samples, sample_rate, rate, length))  # (B, N')
    means = []
    for pieces in heard.split(at_once, dim=1):  # (B, at_once), the last one shorter
        vectors = torch.cat([hear(some) for some in pieces.split(TOGETHER)])  # (B, D)
        means.append(F.normalize(vectors, dim=-1))
    return F.normalize(torch.stack(means).mean(dim=0), dim=-1)  # (B, D)
