"""How much of a sound falls while its object is in view, and in which order two sounds come.

The judge says every half second how likely it hears the class: P patches, their middles ``hop``
seconds apart. A patch counts as in view when its middle is. All scores are pure functions of
those numbers, without a level: what is softer counts less only as far as the judge hears it less.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


def middles(count: int, hop: Fraction, length: Fraction) -> tuple[Fraction, ...]:
    """The middles, in seconds, of ``count`` patches of ``length`` seconds, one every ``hop``."""
    return tuple(number * hop + length / 2 for number in range(count))


def within(moments: Sequence[Fraction], begin: Fraction, end: Fraction) -> Bools:
    """Which of the moments lie in [begin, end): (P,)."""
    return np.array([begin <= moment < end for moment in moments], dtype=bool)


def presence(scores: Floats, in_view: Bools) -> float:
    """The share of the class energy that falls in view, over the share of the time: 1 is chance.

    ``scores`` (P,) is the class probability of each patch, ``in_view`` (P,) whether its object is
    seen then. At most ``P / in_view.sum()``; nan where the class is never heard, or the object
    always or never in view, for then there is nothing to tell.
    """
    share = in_view.mean() if len(in_view) else 0.0
    total = scores.sum()
    if not 0 < share < 1 or total <= 0:
        return float("nan")
    return float(scores[in_view].sum() / total / share)


def pooled(takes: Sequence[tuple[Floats, Bools]]) -> float:
    """The presence score of many takes at once: their energy in view over what chance gives.

    A take weighs as much as the class is heard in it, so that noise in takes without the class
    does not water the score down; for one take it is :func:`presence`.
    """
    told = [(s, v) for s, v in takes if not np.isnan(presence(s, v))]
    by_chance = sum(float(s.sum() * v.mean()) for s, v in told)
    return sum(float(s[v].sum()) for s, v in told) / by_chance if by_chance else float("nan")


def in_order(first: Floats, second: Floats) -> bool:
    """Whether the first object's class comes before the second's: its energy's middle is earlier.

    ``first`` and ``second`` (P,) are the two classes' probabilities by patch. False where either
    is never heard.
    """
    if first.sum() <= 0 or second.sum() <= 0:
        return False
    return centroid(first) < centroid(second)


def centroid(scores: Floats) -> float:
    """The mean place of the energy, in patches: (P,)."""
    return float((np.arange(len(scores)) * scores).sum() / scores.sum())


def fair_share(scores: Floats, other: Floats) -> Floats:
    """What is left of a class where another is heard as much or more: (P,) and (P,) -> (P,).

    Two classes may share names at the judge, and a sound be a little of both: only what one has
    over the other tells them apart.
    """
    left: Floats = np.maximum(scores - other, 0)
    return left
