"""How near two embeddings of one clip lie: CLAP score, between a sound and its caption."""

import numpy as np
from numpy.typing import ArrayLike

from diffava_foley.errors import EvaluationError

from .arrays import Floats, paired

NAME = "CLAP score, mean cosine"


def clap_score(a: ArrayLike, b: ArrayLike) -> float:
    """The mean cosine between paired embeddings (N, D), -1 to 1; not times 100."""
    return float(cosines(a, b).mean())


def cosines(a: ArrayLike, b: ArrayLike) -> Floats:
    """The cosine of each pair of embeddings (N, D): (N,)."""
    first, second = paired(a, b, "cosine")
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    if not lengths.all():
        raise EvaluationError("cosine: an embedding is all noughts; leave that clip out")
    found: Floats = (first * second).sum(axis=1) / lengths
    return found
