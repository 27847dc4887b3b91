"""The clips that the card is about: every sound in turn, from captions the training never saw."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from diffava_foley.errors import BadTake
from diffava_foley.pipeline import FoleyPipeline, Settings
from diffava_foley.training.embedded import classes

from .heard import Clip
from .recordings import SECONDS


@dataclass(frozen=True)
class Wish:
    """One clip to be made."""

    sound: str
    caption: str
    seed: int


def wishes(known: Sequence[str], count: int, first_seed: int = 0) -> tuple[Wish, ...]:
    """``count`` clips, every known sound and each of its unseen captions in turn."""
    among = [sound for sound in classes.SOUNDS if sound.name in known]
    return tuple(
        Wish(
            among[number % len(among)].name,
            _turn(among[number % len(among)].unseen, number // len(among)),
            first_seed + number,
        )
        for number in range(count)
    )


def make(
    pipeline: FoleyPipeline,
    asked: Sequence[Wish],
    settings: Settings,
    takes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Clip]:
    """The clips; a take that is silent or broken counts as silence."""
    for number, wish in enumerate(asked, start=1):
        try:
            best = pipeline(
                None,
                wish.caption,
                Fraction(SECONDS),
                settings=settings,
                seed=wish.seed * takes,
                takes=takes,
            )[0]
        except BadTake:
            yield Clip(wish.sound, np.zeros(SECONDS * 16_000, np.float32), 16_000)
        else:
            yield Clip(wish.sound, best.samples[0], best.sample_rate)
        if progress is not None:
            progress(number, len(asked))


def _turn(captions: Sequence[str], number: int) -> str:
    return captions[number % len(captions)]
