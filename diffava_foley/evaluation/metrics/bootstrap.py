"""How sure a number is: percentile bootstrap over clips."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffava_foley.errors import EvaluationError

from .records import Interval

Statistic = Callable[[NDArray[np.generic]], float]


def mean(values: NDArray[np.generic]) -> float:
    """The mean, as a statistic."""
    return float(np.mean(values.astype(np.float64)))


def interval(
    values: ArrayLike,
    statistic: Statistic = mean,
    draws: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Where the statistic of values (N, ...) lies: clips are drawn anew, with replacement."""
    clips = _clips(values)
    found = [statistic(clips[chosen]) for chosen in _chosen(len(clips), draws, seed)]
    return _percentiles(found, confidence)


def difference(
    a: ArrayLike,
    b: ArrayLike,
    statistic: Statistic = mean,
    draws: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Where statistic(b) - statistic(a) lies for paired values (N, ...): clips stay in pairs."""
    first, second = _clips(a), _clips(b)
    if len(first) != len(second):
        raise EvaluationError(f"bootstrap: {len(first)} and {len(second)} clips are not pairs")
    found = [
        statistic(second[chosen]) - statistic(first[chosen])
        for chosen in _chosen(len(first), draws, seed)
    ]
    return _percentiles(found, confidence)


def _clips(values: ArrayLike) -> NDArray[np.generic]:
    clips = np.asarray(values)
    if not clips.ndim or not len(clips):
        raise EvaluationError("bootstrap: there is not one clip to draw from")
    return clips


def _chosen(count: int, draws: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(count, size=(draws, count))


def _percentiles(found: list[float], confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, (tail, 1 - tail))
    return Interval(float(low), float(high))
