"""What the picture alone contributes: the right sound found without the caption, or against it.

For every object of the bench its best second is taken, and the condition that the alignment makes
of it with a caption that says nothing, or with that of another sound, compared with the captions of
all sounds: is the right one among the nearest?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from diffava_foley.errors import WeightsError
from diffava_foley.evaluation.metrics import bootstrap
from diffava_foley.media.sources import MovieSource
from diffava_foley.media.video import open_video
from diffava_foley.model import encoders, phrases, presence
from diffava_foley.model.alignment import VisualAlignment
from diffava_foley.model.looking import Picture, in_view, see
from diffava_foley.model.models import Models
from diffava_foley.training.embedded import classes

from .scenes import Scene, Stay
from .trial import windows

Progress = Callable[[int, int], None]
MISSING, WRONG, RIGHT = "caption missing", "caption of another sound", "caption right"
AMONG = (1, 5)


@dataclass(frozen=True)
class Found:
    """Where the right sound came, 0 the nearest, for each object looked at."""

    ranks: Mapping[str, tuple[int, ...]]
    """By what the caption was."""
    sounds: int
    """Among how many."""
    there: tuple[bool, ...] = ()
    """For each phrase of what is there, whether it was found in view; empty where not learnt."""
    mistaken: tuple[bool, ...] = ()
    """The same for captions of what is not there."""


@torch.no_grad()
def look(
    planned: Sequence[tuple[Scene, Path]], models: Models, progress: Progress | None = None
) -> Found:
    """The ranks of the right sounds in every scene."""
    alignment, eye = models.alignment, models.video_encoder
    if alignment is None or eye is None:
        raise WeightsError(f"weights {models.weights.id} do not look at the picture")
    names = [sound.name for sound in classes.SOUNDS]
    middles = torch.stack(
        [_middle(models, [sound.name, *sound.captions]) for sound in classes.SOUNDS]
    )  # (S, D)
    unseen = encoders.embed_text(models, [sound.unseen[0] for sound in classes.SOUNDS])  # (S, D)
    captioned = list(zip(names, unseen.split(1), strict=True))
    ranks: dict[str, list[int]] = {MISSING: [], WRONG: [], RIGHT: []}
    there: list[bool] = []
    mistaken: list[bool] = []
    for done, (scene, movie) in enumerate(planned, start=1):
        with open_video(MovieSource(movie)) as reader:
            picture = see(models, windows(reader, scene.seconds, eye), finely=True)
        if alignment.presence is not None:
            sounding = {stay.sound for stay in scene.stays}
            said = encoders.embed_text(models, phrases.split(scene.caption))  # (P, D)
            there += _found(alignment, picture, said)
            absent = [text for name, text in captioned if name not in sounding]
            for text in absent:  # one at a time, for none is told apart from another
                mistaken += _found(alignment, picture, text)
        for stay in scene.stays:
            right = names.index(stay.sound)
            other = classes.SOUNDS[(right + len(names) // 2) % len(names)]
            captions = {MISSING: "", WRONG: other.unseen[0], RIGHT: scene.caption}
            for kind, caption in captions.items():
                text = encoders.embed_text(models, [caption])  # (1, D)
                seconds = alignment(picture.video, text, picture.mask)  # (1, T, D)
                ranks[kind].append(rank(seconds[0, best_second(stay)], middles, right))
        if progress is not None:
            progress(done, len(planned))
    placed = {kind: tuple(some) for kind, some in ranks.items()}
    return Found(placed, len(names), tuple(there), tuple(mistaken))


def _found(alignment: VisualAlignment, picture: Picture, texts: Tensor) -> list[bool]:
    """Whether each of the phrases (P, D) is found in view, as when a sound is made."""
    found: list[bool] = (~presence.throughout(in_view(alignment, picture, texts))).tolist()
    return found


def best_second(stay: Stay) -> int:
    """The second in which the object is in view for longest, the first of several."""
    last = int(-(-stay.end // 1))
    seen = [
        min(stay.end, Fraction(second + 1)) - max(stay.begin, Fraction(second))
        for second in range(last)
    ]
    return seen.index(max(seen))


def rank(condition: Tensor, middles: Tensor, right: int) -> int:
    """How many sounds are nearer than the right one: (D,), (S, D) of unit length."""
    likeness = middles @ condition
    return int((likeness > likeness[right]).sum())


def share(ranks: Sequence[int], among: int) -> float:
    """The share of the objects whose sound is among the nearest so many."""
    return float(np.mean([place < among for place in ranks]))


def markdown(found: Found) -> str:
    """The table, for reading."""
    titles = " | ".join(f"right sound among the nearest {among}" for among in AMONG)
    lines = [f"| what is said | {titles} | n |", "| --- |" + " --- |" * (len(AMONG) + 1)]
    for kind, ranks in found.ranks.items():
        cells = [_cell(np.array(ranks) < among) for among in AMONG]
        lines.append(f"| {kind} | " + " | ".join(cells) + f" | {len(ranks)} |")
    chance = " | ".join(f"{100 * among / found.sounds:.0f} %" for among in AMONG)
    lines.append(f"| chance, {found.sounds} sounds | {chance} | |")
    if found.there:
        lines += [
            "",
            f"Found in view: {_cell(np.array(found.there))} of {len(found.there)} phrases of what"
            f" is there, {_cell(np.array(found.mistaken))} of {len(found.mistaken)} captions of"
            " what is not.",
        ]
    return "\n".join(lines)


def _cell(hits: NDArray[np.bool_]) -> str:
    sure = bootstrap.interval(hits)
    return f"{100 * hits.mean():.0f} % ({100 * sure.low:.0f} to {100 * sure.high:.0f})"


def _middle(models: Models, captions: Sequence[str]) -> Tensor:
    return F.normalize(encoders.embed_text(models, captions).mean(dim=0), dim=-1)
