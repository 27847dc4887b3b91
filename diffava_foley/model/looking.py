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
    apart = alignment.presence is not None and settings.presence in (GAIN, BOTH)
    pace = models.video_encoder.pieces if apart and models.video_encoder is not None else 1
    finely, seen = encoders.embed_video(models, windows, pace)  # (1, T * pace, V), (1, T * pace)
    video, mask = finely.unflatten(1, (-1, pace)).mean(dim=2), seen[:, ::pace]  # (1, T, V), (1, T)
    if not mask.any():
        return (Voice(text),)
    seconds: Tensor = alignment(video, text, mask)  # (1, T, D)
    if settings.conditioning != PER_SECOND:
        return (Voice(conditioning.one_vector(seconds)),)
    if apart:
        said = phrases.split(caption)
        texts = encoders.embed_text(models, said)  # (P, D)
        likelihood = alignment.likelihood(_each(finely, said), texts, _each(seen, said))
        there = presence.told_apart(likelihood, _each(seen, said))  # (P, T * pace)
        quiet = models.weights.quiet if settings.presence == BOTH else ""
        if voices := _in_view(models, alignment, video, mask, said, there, quiet):
            return voices
    if alignment.presence is not None and settings.presence == QUIET and models.weights.quiet:
        there = presence.relative(alignment.likelihood(video, text, mask), mask)
        seconds = _quietened(models, seconds, there, models.weights.quiet)
    return (Voice(_constant(seconds)),)


def _in_view(
    models: Models,
    alignment: VisualAlignment,
    video: Tensor,
    mask: Tensor,
    said: tuple[str, ...],
    there: Tensor,
    quiet: str,
) -> tuple[Voice, ...]:
    """A voice for each phrase whose object is seen, and one for the others; none if none is.

    What a phrase means and no window shows, by ``there`` (P, T * pace), is off screen, and heard
    throughout.
    """
    off_screen = [phrase for phrase, seen in zip(said, there, strict=True) if (seen == 1).all()]
    if len(off_screen) == len(said):
        return ()
    texts, pace = encoders.embed_text(models, said), there.shape[1] // video.shape[1]
    aligned = alignment(_each(video, said), texts, _each(mask, said))  # (P, T, D)
    voices = []
    for phrase, condition, seen in zip(said, aligned.split(1), there.split(1), strict=True):
        if phrase in off_screen:
            continue
        by_second = seen.unflatten(1, (-1, pace)).amax(dim=2)  # (1, T)
        if quiet:
            condition = _quietened(models, condition, by_second, quiet)
        else:
            condition = conditioning.held(condition, by_second)
        voices.append(Voice(_constant(condition), seen, pace))
    if off_screen:
        others = encoders.embed_text(models, [" and ".join(off_screen)])
        voices.append(Voice(_constant(alignment(video, others, mask))))
    return tuple(voices)


def _each(seen: Tensor, said: tuple[str, ...]) -> Tensor:
    """The same picture for every phrase: (1, …) -> (P, …)."""
    return seen.expand(len(said), *seen.shape[1:])


def _quietened(models: Models, seconds: Tensor, there: Tensor, quiet: str) -> Tensor:
    return conditioning.quietened(seconds, there, encoders.embed_text(models, [quiet]))


def _constant(seconds: Tensor) -> Tensor:
    """One vector (1, D) where every second has the same; else the seconds (1, T, D)."""
    return conditioning.one_vector(seconds) if conditioning.is_constant(seconds) else seconds
