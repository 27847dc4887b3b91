"""What the picture makes of a caption: the model's condition, and how loud each second is to be."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from . import conditioning, encoders, phrases, presence
from .alignment import VisualAlignment
from .models import Models
from .settings import BOTH, GAIN, OFF, PER_SECOND, QUIET, TEXT_ONLY, Settings

Windows = Iterable[NDArray[np.uint8] | None]


@dataclass(frozen=True)
class Look:
    """What a sound is made from, and how it is turned down afterwards."""

    condition: Tensor
    """(1, D), or (1, T, D) where it changes from second to second."""
    level: Tensor | None = None
    """(1, T): how far each second is to be heard, 0 to 1, if that depends on the picture."""


def look(models: Models, windows: Windows | None, caption: str, settings: Settings) -> Look:
    """The caption's embedding, aligned with what is seen.

    ``windows`` as :class:`diffava_foley.pipeline.FoleyPipeline` takes them, ``settings``
    resolved.
    """
    text = encoders.embed_text(models, [caption])  # (1, D)
    alignment = models.alignment
    if windows is None or alignment is None or settings.conditioning == TEXT_ONLY:
        return Look(text)
    video, mask = encoders.embed_video(models, windows)  # (1, T, V), (1, T)
    if not mask.any():
        return Look(text)
    seconds: Tensor = alignment(video, text, mask)  # (1, T, D)
    if settings.conditioning != PER_SECOND:
        return Look(conditioning.one_vector(seconds))
    there = None
    if settings.presence not in (None, OFF):
        there = alignment.in_view(video, text, mask)  # (1, T)
    if there is not None:
        parts = phrases.split(caption)
        if len(parts) > 1:
            each = encoders.embed_text(models, parts)  # (P, D)
            seconds, there = _by_phrase(alignment, video, mask, each, seconds)
        if settings.presence in (QUIET, BOTH) and models.weights.quiet:
            quiet = encoders.embed_text(models, [models.weights.quiet])  # (1, D)
            seconds = conditioning.quietened(seconds, there, quiet)
    if conditioning.is_constant(seconds):
        seconds = conditioning.one_vector(seconds)
    return Look(seconds, there if settings.presence in (GAIN, BOTH) else None)


def _by_phrase(
    alignment: VisualAlignment, video: Tensor, mask: Tensor, each: Tensor, whole: Tensor
) -> tuple[Tensor, Tensor]:
    """The condition of every second by the phrases in view, and whether any is.

    Video (1, T, V), mask (1, T), phrases (P, D), the whole caption's condition (1, T, D) ->
    (1, T, D) and (1, T).
    """
    count = len(each)
    video, mask = video.expand(count, -1, -1), mask.expand(count, -1)
    there = alignment.in_view(video, each, mask)  # (P, T)
    assert there is not None
    seconds = presence.mixed(whole, alignment(video, each, mask), there)
    return seconds, there.amax(dim=0, keepdim=True)
