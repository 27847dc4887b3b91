"""What a measurement is written down as."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A mean over splits or subsets, and how far apart these lie."""

    mean: float
    std: float
    """The standard deviation over the splits, with N in the denominator."""


@dataclass(frozen=True)
class Interval:
    """Where a value lies with a confidence of 95 %, unless it was asked for another."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        """Whether the interval holds the value."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Measure:
    """A number that says what it is: the convention, the judge, how many clips."""

    name: str
    """What was measured, by which convention: ``KL-softmax(ref||gen), audioldm_eval``."""
    judge: str
    """Whose logits or embeddings it was measured on; empty where no judge listened."""
    value: float
    n: int
    """The number of clips (of pairs of clips, where the measure compares pairs)."""
    interval: Interval | None = None
    """By bootstrap over clips; None where it was not asked for."""
    spread: Spread | None = None
    """Over splits or subsets, for the measures that are a mean of such."""
    better: str = "lower"
    """``lower`` or ``higher``."""
