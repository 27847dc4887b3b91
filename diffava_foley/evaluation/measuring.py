"""A measure with its interval, and the difference of two systems by the same clips."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .gauges import Gauge
from .metrics.records import Measure
from .resampling import drawn, interval

MEAN_DRAWS, SET_DRAWS = 2000, 200
"""Of the bootstrap: a mean over clips costs nothing, a distance between sets does."""


@dataclass(frozen=True)
class Measured:
    """A measure, and the draws behind its interval."""

    measure: Measure
    draws: NDArray[np.float64] = field(repr=False)


def take(gauge: Gauge) -> Measured:
    """The gauge's value on all clips, and how sure it is."""
    value = gauge.spread.mean if gauge.spread else gauge.statistic(np.arange(gauge.clips))
    draws = drawn(
        gauge.statistic,
        gauge.clips,
        MEAN_DRAWS if gauge.is_mean else SET_DRAWS,
        centre=None if gauge.is_mean else value,
    )
    measure = Measure(
        name=gauge.convention,
        judge=gauge.judge,
        value=value,
        n=gauge.clips if gauge.counted is None else gauge.counted,
        interval=interval(draws) if gauge.clips > 1 else None,
        spread=gauge.spread,
        better=gauge.column.better,
    )
    return Measured(measure, draws)


def difference(first: Measured, second: Measured) -> Measure:
    """How much larger the second is, and how sure that is: the same clips drawn for both."""
    a, b = first.measure, second.measure
    return Measure(
        name=f"{a.name}, difference",
        judge=a.judge,
        value=b.value - a.value,
        n=a.n,
        interval=interval(second.draws - first.draws) if a.interval else None,
        better=a.better,
    )
