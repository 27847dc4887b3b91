"""Frames, a caption and a seed become takes: the paper's figure 1, read from top to bottom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from diffava_foley.errors import BadTake, CaptionError, FoleyError
from diffava_foley.model import encoders, soundcheck, sounding
from diffava_foley.model.diffusion import Progress
from diffava_foley.model.looking import Windows, look
from diffava_foley.model.models import Models, load
from diffava_foley.model.settings import TEXT_ONLY, Settings
from diffava_foley.model.video_encoders import VideoEncoder
from diffava_foley.model.weights import Weights, resolve

__all__ = ["FoleyPipeline", "Settings", "Take"]

LONGEST = Fraction(600)  # seconds


@dataclass(frozen=True)
class Take:
    """One rendered sound, and everything that it was made from."""

    samples: NDArray[np.float32]
    """(1, N), as many as the shot's duration has at ``sample_rate``."""
    sample_rate: int
    caption: str
    seed: int
    settings: Settings
    """With nothing left open."""
    weights: str
    """Id of the weights."""
    licence: str
    """Licence of the weights."""
    score: float | None
    """How much CLAP hears of the caption, -1 to 1; None where no audio encoder is there."""
    warnings: tuple[str, ...] = ()
    """What the editor should know, one line each."""


class FoleyPipeline:
    """Renders takes with one set of models."""

    def __init__(self, models: Models) -> None:
        self.models = models

    @classmethod
    def from_weights(cls, weights: Weights | str, **options: Any) -> "FoleyPipeline":
        """A pipeline with these weights; ``options`` are those of :func:`models.load`."""
        if isinstance(weights, str):
            weights = resolve(weights, offline=bool(options.get("offline", False)))
        return cls(load(weights, **options))

    @property
    def eye(self) -> VideoEncoder | None:
        """What looks at the picture, and how it wants it; None where it would change nothing."""
        return self.models.video_encoder if self.models.alignment is not None else None

    @torch.no_grad()
    def __call__(
        self,
        windows: Windows | None,
        caption: str,
        duration: Fraction,
        *,
        settings: Settings | None = None,
        seed: int = 0,
        takes: int = 1,
        progress: Progress | None = None,
    ) -> tuple[Take, ...]:
        """The takes that are fit to hear, the best first; their seeds are seed, seed + 1, …

        ``windows`` are the shot's seconds, frames (F, H, W, 3) in RGB, or None for a second
        without picture; they are taken one at a time. Raises BadTake when no take is fit.
        """
        _check(caption, duration, takes)
        settings = (settings or Settings()).resolve(self.models.weights)
        negative = encoders.embed_text(self.models, [settings.negative or ""])  # (1, D)
        voices = look(self.models, windows, caption, settings)
        ear = self.models.ear
        wanted = None if ear is None else ear.embed_text([caption])  # (1, D), of the ear's CLAP

        good, faults = [], []
        for number in range(takes):
            reported = sounding.part(progress, number, takes)
            with _memory_told():
                sound = sounding.sound(
                    self.models, voices, negative, duration, settings, seed + number, reported
                )
            if fault := soundcheck.fault(sound):
                faults.append(f"the take of seed {seed + number} was left out: it is {fault}")
                continue
            good.append((self._listen(sound, wanted), seed + number, sound))
        if not good:
            raise BadTake(
                f"no take of {caption!r} is fit to hear, try another seed or float32: {faults[0]}"
            )

        good.sort(key=lambda take: -(take[0] or 0))
        notes = (*self._notes(windows, settings), *faults)
        return tuple(
            Take(
                samples=sound,
                sample_rate=self.models.geometry.sample_rate,
                caption=caption,
                seed=used,
                settings=settings,
                weights=self.models.weights.id,
                licence=self.models.weights.licence,
                score=score,
                warnings=notes,
            )
            for score, used, sound in good
        )

    def _listen(self, sound: NDArray[np.float32], wanted: Tensor | None) -> float | None:
        """How much of what is wanted CLAP hears in the sound."""
        if self.models.ear is None or wanted is None:
            return None
        rate = self.models.geometry.sample_rate
        heard = self.models.ear.embed_audio(torch.from_numpy(sound), rate)  # (1, D)
        return float((heard * wanted).sum())

    def _notes(self, windows: Windows | None, settings: Settings) -> tuple[str, ...]:
        asked_to_look = windows is not None and settings.conditioning != TEXT_ONLY
        if not asked_to_look or self.models.alignment is not None:
            return ()
        return (f"the picture was not used: weights {self.models.weights.id} have no alignment",)


def _check(caption: str, duration: Fraction, takes: int) -> None:
    if not caption.strip():
        raise CaptionError("the caption is empty: say what is to be heard")
    if not 0 < duration <= LONGEST:
        raise FoleyError(
            f"a sound lasts more than 0 and at most {LONGEST} seconds, not {float(duration):g}:"
            " split the shot"
        )
    if takes < 1:
        raise FoleyError(f"ask for at least one take, not {takes}")


@contextmanager
def _memory_told() -> Iterator[None]:
    try:
        yield
    except torch.cuda.OutOfMemoryError as error:
        raise FoleyError(
            "the GPU has too little memory free for these weights: close other programs, or choose"
            " --device cpu"
        ) from error
