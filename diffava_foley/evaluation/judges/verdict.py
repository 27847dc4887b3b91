"""What a judge heard in a sound, and what a judge is."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Verdict:
    """What the judge heard in one sound, patch by patch (P of them)."""

    logits: Floats
    """(P, C) before the sigmoid; C is 0 for a judge that knows no classes."""
    embeddings: Floats
    """(P, D)."""
    hop: Fraction
    """Seconds from the start of one patch to the start of the next."""
    window: Fraction | None = None
    """Seconds that one patch lasts; None where it is as long as the hop."""

    @property
    def scores(self) -> Floats:
        """(P, C) the probability of each class by itself, 0 to 1."""
        scores: Floats = np.exp(-np.logaddexp(0.0, -self.logits.astype(np.float64)))
        return scores.astype(np.float32)

    @property
    def clip_logits(self) -> Floats:
        """(C,) the mean over the patches."""
        mean: Floats = self.logits.mean(axis=0)
        return mean

    @property
    def clip_embedding(self) -> Floats:
        """(D,) the mean over the patches."""
        mean: Floats = self.embeddings.mean(axis=0)
        return mean

    def top(self, names: Sequence[str], count: int = 5) -> tuple[str, ...]:
        """The names of the classes with the highest mean score, best first."""
        best = np.argsort(self.scores.mean(axis=0))[::-1][:count]
        return tuple(names[index] for index in best)


class Judge(Protocol):
    """A network that listens."""

    name: str
    """What its numbers are marked with: ``YAMNet``, ``PANNs Cnn14-16k``."""
    names: tuple[str, ...]
    """The classes of its logits; empty where it knows none."""

    def hear(self, wave: Floats, sample_rate: int) -> Verdict:
        """The verdict on one mono wave (N,), -1 to 1, at any rate."""
        ...
