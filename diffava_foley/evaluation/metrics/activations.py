"""From logits to probabilities and their logarithms, where rounding does no harm."""

import numpy as np

from .arrays import Floats


def log_softmax(logits: Floats) -> Floats:
    """The logarithms of the softmax over the last axis."""
    shifted: Floats = logits - logits.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def log_sigmoid(logits: Floats) -> Floats:
    """The logarithms of the sigmoid."""
    found: Floats = -np.logaddexp(0.0, -logits)
    return found
