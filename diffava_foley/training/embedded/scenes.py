"""What is heard second by second in a training clip: one sound, or a sound that comes and goes.

Conditions that follow a picture change with time, so some clips change as well: an object is
there for a while and silent otherwise, or one gives way to another. Changes fall on the border of
two seconds, where ``conditioning.at_times`` is half way between their embeddings.
"""

from collections.abc import Sequence
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

from . import clips, mel, variation
from .sounds import Recording

NOTHING = "silence"
COMES_AND_GOES, GIVES_WAY = 0.1, 0.1  # shares of the clips; the others hold one sound throughout
TWO_AT_ONCE = 0.15  # share of the sounds of which two are heard together
FADE = 6  # frames
STEEP = 0.5  # of the fade, in scaled natural log units a frame

FRAMES_A_SECOND = mel.SAMPLE_RATE / mel.HOP
SECONDS = ceil(mel.CLIP_FRAMES / FRAMES_A_SECOND) + 1  # that a clip may touch

Scene = tuple[str, ...]
"""The name of a sound, or NOTHING, for each of SECONDS seconds."""


def draw(names: Sequence[str], random: np.random.Generator) -> Scene:
    """A scene of the sounds that bear these names."""
    one = names[int(random.integers(len(names)))]
    kind = random.random()
    if kind < COMES_AND_GOES:
        into, out = sorted(random.choice(SECONDS + 1, 2, replace=False))
        return tuple(one if into <= second < out else NOTHING for second in range(SECONDS))
    if kind < COMES_AND_GOES + GIVES_WAY:
        other = names[int(random.integers(len(names)))]
        change = random.integers(1, SECONDS)
        return tuple(one if second < change else other for second in range(SECONDS))
    return (one,) * SECONDS


def play(
    scene: Scene,
    start: float,
    groups: dict[str, list[Recording]],
    mels: dict[str, NDArray[np.float16]],
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """The clip of a scene, from ``start`` seconds on: (CLIP_FRAMES, N_MELS)."""
    clip = np.full((mel.CLIP_FRAMES, mel.N_MELS), clips.SILENCE, dtype=np.float32)
    second = 0
    for name, run in groupby(scene):
        begin, second = second, second + len(list(run))
        first, last = (
            min(max(round((border - start) * FRAMES_A_SECOND), 0), mel.CLIP_FRAMES)
            for border in (begin, second)
        )
        if name == NOTHING or first == last:
            continue
        piece = clips.draw(groups[name], mels, random, last - first)
        if random.random() < TWO_AT_ONCE:
            piece = variation.together(piece, clips.draw(groups[name], mels, random, last - first))
        clip[first:last] = _fade(piece, at_start=first > 0, at_end=last < mel.CLIP_FRAMES)
    return clip


def _fade(piece: NDArray[np.float32], *, at_start: bool, at_end: bool) -> NDArray[np.float32]:
    frames = np.arange(len(piece), dtype=np.float32)
    inside = np.full(len(piece), FADE, dtype=np.float32)  # frames from the nearest change
    if at_start:
        inside = np.minimum(inside, frames)
    if at_end:
        inside = np.minimum(inside, frames[::-1])
    faded: NDArray[np.float32] = piece - np.float32(STEEP) * (FADE - inside)[:, None]
    return np.maximum(faded, np.float32(clips.SILENCE))
