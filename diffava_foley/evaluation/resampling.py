"""How sure a number is, and a difference of two: clips are drawn anew, the same for all systems."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .metrics.records import Interval

Clips = NDArray[np.int64]
Statistic = Callable[[Clips], float]
"""Of the numbers of the clips that were drawn, doubles included."""

TAIL = 0.025
"""On either side of a 95 % interval."""


def drawn(
    statistic: Statistic, clips: int, draws: int, *, centre: float | None = None, seed: int = 0
) -> NDArray[np.float64]:
    """The statistic (R,) of R draws of so many clips, with replacement.

    The draws depend on the seed alone, so that those of two systems are pairs. With a ``centre``
    they are moved to have it as their mean: a clip that is drawn twice makes a set poorer, and
    distances between sets larger, which is no property of the sounds.
    """
    chosen = np.random.default_rng(seed).integers(clips, size=(draws, clips))
    found = np.array([statistic(draw) for draw in chosen])
    return found if centre is None else found + (centre - found.mean())


def interval(found: NDArray[np.float64]) -> Interval:
    """Where 95 % of the draws lie."""
    low, high = np.quantile(found[np.isfinite(found)], (TAIL, 1 - TAIL))
    return Interval(float(low), float(high))
