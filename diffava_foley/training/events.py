"""What happens in training, told as it happens. No torch here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .retrieval import Retrieval


@dataclass(frozen=True)
class Began:
    """Training begins, or goes on."""

    clips: int
    """learned from"""
    batch: int
    """clips in a batch"""
    processes: int
    """that a batch is spread over"""
    step: int
    """steps taken before"""
    steps: int
    """in all"""
    words_alone: "Retrieval | None"
    """what the captions find, without picture or training; None where nothing is held out"""


@dataclass(frozen=True)
class Stepped:
    """One batch was learned from."""

    step: int
    loss: float


@dataclass(frozen=True)
class Measured:
    """An epoch ended."""

    epoch: int
    loss: float
    """of its last batch"""
    retrieval: "Retrieval | None"
    best: bool
    """of all so far, and therefore kept"""


Listener = Callable[[Began | Stepped | Measured], None]
