"""What the picture makes of a caption: whose sound is heard, from what condition, and when."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from . import conditioning, encoders, phrases, presence
from .alignment import VisualAlignment
from .models import Models
from .settings import BOTH, GAIN, PER_SECOND, QUIET, TEXT_ONLY, Settings

Windows = Iterable[NDArray[np.uint8] | None]


@dataclass(frozen=True)
class Voice:
    """One sound of a shot."""

    condition: Tensor
    """(1, D), or (1, T, D) where it changes from second to second."""
    there: Tensor | None = None
    """(1, T * pace): how far each window shows what makes it, 0 to 1; None where it is heard
    throughout, whatever is seen."""
    pace: int = 1
    """Windows a second."""


@dataclass(frozen=True)
class Picture:
    """What the eye saw."""

    windows: Tensor
    """(1, T * pace, V)."""
    seen: Tensor
    """(1, T * pace): whether there was a picture."""
    pace: int
    """Windows a second."""

    @property
    def video(self) -> Tensor:
        """What each second shows: (1, T, V)."""
        mean: Tensor = self.windows.unflatten(1, (-1, self.pace)).mean(dim=2)
        return mean

    @property
    def mask(self) -> Tensor:
        """Whether each second was seen: (1, T)."""
        return self.seen[:, :: self.pace]


def look(
    models: Models, windows: Windows | None, caption: str, settings: Settings
) -> tuple[Voice, ...]:
    """The voices of a caption: one, or one for each of its phrases where their objects come and go.

    ``windows`` as :class:`diffava_foley.pipeline.FoleyPipeline` takes them, ``settings`` resolved.
    """
    text = encoders.embed_text(models, [caption])  # (1, D)
    alignment = models.alignment
    if windows is None or alignment is None or settings.conditioning == TEXT_ONLY:
        return (Voice(text),)
    by_second = settings.conditioning == PER_SECOND and alignment.presence is not None
    apart = by_second and settings.presence in (GAIN, BOTH)
    picture = see(models, windows, finely=apart)
    video, mask = picture.video, picture.mask
    if not mask.any():
        return (Voice(text),)
    quiet = models.weights.quiet
    if apart:
        silence = quiet if settings.presence == BOTH else ""
        voices = _voices(models, alignment, picture, phrases.split(caption), silence)
        if voices:
            return voices
    seconds: Tensor = alignment(video, text, mask)  # (1, T, D)
    if settings.conditioning != PER_SECOND:
        return (Voice(conditioning.one_vector(seconds)),)
    if by_second and settings.presence == QUIET and quiet:
        there = presence.relative(alignment.likelihood(video, text, mask), mask)  # (1, T)
        seconds = _quietened(models, seconds, there, quiet)
    return (Voice(_constant(seconds)),)


def see(models: Models, windows: Windows, *, finely: bool) -> Picture:
    """What the eye sees: by the second, or as finely as it tells the moments apart."""
    pace = models.video_encoder.pieces if finely and models.video_encoder is not None else 1
    return Picture(*encoders.embed_video(models, windows, pace), pace)


def in_view(alignment: VisualAlignment, picture: Picture, texts: Tensor) -> Tensor:
    """How far each window shows what each of P phrases means: (P, D) -> (P, T * pace), 0 to 1.

    One throughout where none of them does. Needs an alignment that knows presence.
    """
    seen = _each(picture.seen, texts)
    likelihood = alignment.likelihood(_each(picture.windows, texts), texts, seen)
    return presence.told_apart(likelihood, seen)


def _voices(
    models: Models,
    alignment: VisualAlignment,
    picture: Picture,
    said: tuple[str, ...],
    quiet: str,
) -> tuple[Voice, ...]:
    """A voice for each phrase whose object is seen, and one for the others; none if none is.

    What a phrase means and no window shows is off screen, and heard throughout.
    """
    texts = encoders.embed_text(models, said)  # (P, D)
    there = in_view(alignment, picture, texts)  # (P, T * pace)
    unseen = presence.throughout(there).tolist()
    off_screen = [phrase for phrase, hidden in zip(said, unseen, strict=True) if hidden]
    if len(off_screen) == len(said):
        return ()
    aligned = alignment(_each(picture.video, texts), texts, _each(picture.mask, texts))  # (P, T, D)
    voices = []
    for phrase, condition, row in zip(said, aligned.split(1), there.split(1), strict=True):
        if phrase in off_screen:
            continue
        by_second = row.unflatten(1, (-1, picture.pace)).amax(dim=2)  # (1, T)
        if quiet:
            condition = _quietened(models, condition, by_second, quiet)
        else:
            condition = conditioning.held(condition, by_second)
        voices.append(Voice(_constant(condition), row, picture.pace))
    if off_screen:
        others = encoders.embed_text(models, [" and ".join(off_screen)])
        voices.append(Voice(_constant(alignment(picture.video, others, picture.mask))))
    return tuple(voices)


def _each(seen: Tensor, texts: Tensor) -> Tensor:
    """The same picture for every phrase: (1, …) and (P, D) -> (P, …)."""
    return seen.expand(len(texts), *seen.shape[1:])


def _quietened(models: Models, seconds: Tensor, there: Tensor, quiet: str) -> Tensor:
    return conditioning.quietened(seconds, there, encoders.embed_text(models, [quiet]))


def _constant(seconds: Tensor) -> Tensor:
    """One vector (1, D) where every second has the same; else the seconds (1, T, D)."""
    return conditioning.one_vector(seconds) if conditioning.is_constant(seconds) else seconds
