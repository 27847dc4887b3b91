"""Kernel distance between two sets of embeddings (KID): unbiased at any number of clips."""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, unpaired
from .records import Spread

DEGREE, OFFSET = 3, 1.0
LARGEST_SUBSET = 1000  # Binkowski et al. 2018, and torch-fidelity


def name(subsets: int, subset_size: int, seed: int = 2020) -> str:
    """The name of the convention."""
    return f"KID, (x'y/D + 1)^3, {subsets} subsets of {subset_size}, seed {seed}"


def usual_subset(n: int, m: int) -> int:
    """The size of subset for sets of n and m clips: 1000, or half of the smaller set."""
    return max(2, min(LARGEST_SUBSET, min(n, m) // 2))


def kid(
    a: ArrayLike,
    b: ArrayLike,
    subsets: int = 100,
    subset_size: int | None = None,
    seed: int = 2020,
) -> Spread:
    """The squared maximum mean discrepancy between a (N, D) and b (M, D), over subsets.

    The unbiased estimate with the kernel (x'y / D + 1)^3: about nought between samples of one
    distribution, and below it half of the time. Subsets are drawn as torch-fidelity draws them.
    """
    first, second = unpaired(a, b, "KID")
    size = subset_size or usual_subset(len(first), len(second))
    unpaired(a, b, "KID", at_least=max(size, 2))
    draw = np.random.RandomState(seed)
    found = [
        mmd(
            first[draw.choice(len(first), size, replace=False)],
            second[draw.choice(len(second), size, replace=False)],
        )
        for _ in range(subsets)
    ]
    return Spread(float(np.mean(found)), float(np.std(found)))


def mmd(a: ArrayLike, b: ArrayLike) -> float:
    """The unbiased squared maximum mean discrepancy between all of a (N, D) and b (M, D)."""
    first, second = unpaired(a, b, "KID")
    return float(_among(first) + _among(second) - 2 * _kernel(first, second).mean())


def _kernel(x: Floats, y: Floats) -> Floats:
    kernel: Floats = (x @ y.T / x.shape[1] + OFFSET) ** DEGREE
    return kernel


def _among(x: Floats) -> float:
    """The mean of the kernel over pairs of different rows."""
    kernel = _kernel(x, x)
    return float((kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1)))
