"""Fréchet distance between two sets of embeddings: FD, and FAD where they are VGGish's.

The matrix root that the formula asks for, and the 1e-6 that others add to a diagonal when it
fails, are not needed: with A and B the centred rows over sqrt(N - 1), so that the covariances are
A'A and B'B, the trace of the root of A'A B'B is the sum of the singular values of A B'. That holds
for covariances without full rank as well, which all are when there are fewer clips than values in
an embedding.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, unpaired

NAME = "FD"
AUDIO_NAME = "FAD, VGGish frames of all clips"


def frechet(a: ArrayLike, b: ArrayLike) -> float:
    """The squared Fréchet distance between Gaussians fitted to a (N, D) and b (M, D).

    |mean_a - mean_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)) with np.cov's unbiased C. It works for
    N < D, but is far from its limit there: the fewer the clips, the larger it is, even between two
    halves of one set. Report N, and compare at equal N alone.
    """
    first, second = unpaired(a, b, "Fréchet distance")
    gap = first.mean(axis=0) - second.mean(axis=0)
    root_a, root_b = _factor(first), _factor(second)
    traces = np.square(root_a).sum() + np.square(root_b).sum()
    overlap = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    return max(float(gap @ gap + traces - 2 * overlap), 0.0)


def _factor(values: Floats) -> Floats:
    """R, (min(N, D), D), whose R'R is the covariance of values (N, D)."""
    centred: Floats = (values - values.mean(axis=0)) / np.sqrt(len(values) - 1)
    if len(centred) <= centred.shape[1]:
        return centred
    factor: Floats = np.linalg.qr(centred).R
    return factor
