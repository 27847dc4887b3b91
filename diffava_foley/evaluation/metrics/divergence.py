"""KL divergence between what a judge says of a clip and of its reference.

Two conventions are in use. *audioldm_eval* adds 1e-6 to the second distribution before the
logarithm, which caps what one class may cost; *av-benchmark* takes the logarithm of the softmax as
it is. Their numbers differ, most on confident judges: say which with every one.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .activations import log_sigmoid, log_softmax
from .arrays import Floats, paired

Activation = Literal["softmax", "sigmoid"]
Direction = Literal["reference||generated", "generated||reference"]
Convention = Literal["audioldm_eval", "av-benchmark"]

EPSILON: dict[Convention, float] = {"audioldm_eval": 1e-6, "av-benchmark": 0.0}


def name(
    activation: Activation = "softmax",
    direction: Direction = "reference||generated",
    convention: Convention = "audioldm_eval",
) -> str:
    """The name of the convention."""
    arrow = direction.replace("reference", "ref").replace("generated", "gen")
    return f"KL-{activation}({arrow}), {convention}"


def kl(
    reference: ArrayLike,
    generated: ArrayLike,
    activation: Activation = "softmax",
    direction: Direction = "reference||generated",
    convention: Convention = "audioldm_eval",
) -> float:
    """The mean divergence between paired logits (N, C), in nats."""
    return float(kl_of_pairs(reference, generated, activation, direction, convention).mean())


def kl_of_pairs(
    reference: ArrayLike,
    generated: ArrayLike,
    activation: Activation = "softmax",
    direction: Direction = "reference||generated",
    convention: Convention = "audioldm_eval",
) -> Floats:
    """The divergence of each pair of logits (N, C), in nats: (N,).

    ``reference||generated`` is KL(p || q) = sum p log(p / q) with p the reference's and q the
    generated clip's probabilities, the direction of both houses. With ``sigmoid`` the sum is over
    the classes' probabilities of being there, as audioldm_eval has it: no proper divergence, since
    those do not add up to one, and it can be negative.
    """
    first, second = paired(reference, generated, "KL divergence")
    if direction == "generated||reference":
        first, second = second, first
    log = log_softmax if activation == "softmax" else log_sigmoid
    log_p, log_q = log(first), log(second)
    if epsilon := EPSILON[convention]:
        log_q = np.log(np.exp(log_q) + epsilon)
    divergence: Floats = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    return divergence
