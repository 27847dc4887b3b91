"""The arrays that measures are taken on, checked at the door."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffava_foley.errors import EvaluationError

Floats = NDArray[np.float64]


def rows(values: ArrayLike, what: str, at_least: int = 1) -> Floats:
    """The values as (N, D) float64: rows of finite numbers, enough of them."""
    array = np.asarray(values, np.float64)
    if array.ndim != 2:
        raise EvaluationError(f"{what}: a table (clips, values) is needed, not {array.shape}")
    if len(array) < at_least:
        raise EvaluationError(f"{what}: {len(array)} clips are too few, take {at_least} or more")
    if not np.isfinite(array).all():
        raise EvaluationError(f"{what}: some values are not numbers; leave that clip out")
    return array


def paired(first: ArrayLike, second: ArrayLike, what: str) -> tuple[Floats, Floats]:
    """Both as (N, D) float64, the same N and D: row by row they are pairs."""
    one, other = rows(first, what), rows(second, what)
    if one.shape != other.shape:
        raise EvaluationError(f"{what}: {one.shape} and {other.shape} are not pairs of clips")
    return one, other


def unpaired(
    first: ArrayLike, second: ArrayLike, what: str, at_least: int = 2
) -> tuple[Floats, Floats]:
    """Both as float64, (N, D) and (M, D): two sets in the same space."""
    one, other = rows(first, what, at_least), rows(second, what, at_least)
    if one.shape[1] != other.shape[1]:
        raise EvaluationError(
            f"{what}: {one.shape[1]} and {other.shape[1]} values a clip are two different spaces"
        )
    return one, other
