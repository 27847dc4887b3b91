"""The inception score, as audioldm_eval, av-benchmark and torch-fidelity take it."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .activations import log_softmax
from .arrays import rows
from .records import Spread


def name(splits: int = 10, seed: int | None = 2020) -> str:
    """The name of the convention."""
    order = "in order" if seed is None else f"shuffled by {seed}"
    return f"IS-softmax, {splits} split{'s' * (splits != 1)}, {order}"


def inception_score(logits: ArrayLike, splits: int = 10, seed: int | None = 2020) -> Spread:
    """The inception score of logits (N, C): exp of the mean KL(p(y|x) || p(y)), by split.

    Softmax in float64; the rows are shuffled by ``seed`` first (None leaves their order). A split
    of k clips scores k at most, so that scores of different N are not to be compared.
    """
    table = rows(logits, "inception score", at_least=splits)
    if seed is not None:
        table = table[np.random.RandomState(seed).permutation(len(table))]
    log_p = log_softmax(table)
    p = np.exp(log_p)
    edges = [split * len(table) // splits for split in range(splits + 1)]
    scores = []
    for start, end in pairwise(edges):
        part, log_part = p[start:end], log_p[start:end]
        marginal = part.mean(axis=0, keepdims=True)  # (1, C)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(part > 0, part * (log_part - np.log(marginal)), 0.0)
        scores.append(float(np.exp(terms.sum(axis=1).mean())))
    return Spread(float(np.mean(scores)), float(np.std(scores)))
