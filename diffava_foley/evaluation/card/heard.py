"""What the judge made of some clips."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffava_foley.evaluation.judges import Judge
from diffava_foley.training.embedded import classes

TOP = 5


@dataclass(frozen=True)
class Clip:
    """Three seconds of one sound."""

    sound: str
    """The name of one of :data:`classes.SOUNDS`."""
    wave: NDArray[np.float32]
    """(N,)."""
    sample_rate: int


@dataclass(frozen=True)
class Heard:
    """The judge's verdicts on N clips."""

    sounds: tuple[str, ...]
    """What each was meant to be."""
    top: tuple[tuple[str, ...], ...]
    """The judge's first five names for each."""
    logits: NDArray[np.float32]
    """(N, C), the mean over each clip."""
    embeddings: NDArray[np.float32]
    """(N, D), the mean over each clip."""

    def of(self, chosen: NDArray[np.int64]) -> "Heard":
        """Some of the clips, by their numbers."""
        return Heard(
            tuple(self.sounds[index] for index in chosen),
            tuple(self.top[index] for index in chosen),
            self.logits[chosen],
            self.embeddings[chosen],
        )

    @property
    def recognised(self) -> NDArray[np.bool_]:
        """(N,): whether one of the sound's own names is among the judge's first five."""
        accepted = {sound.name: set(sound.judge) for sound in classes.SOUNDS}
        return np.array(
            [
                bool(accepted[name] & set(top))
                for name, top in zip(self.sounds, self.top, strict=True)
            ]
        )


def hear(judge: Judge, clips: Iterable[Clip]) -> Heard:
    """What the judge makes of the clips."""
    sounds, tops, logits, embeddings = [], [], [], []
    for clip in clips:
        verdict = judge.hear(clip.wave, clip.sample_rate)
        sounds.append(clip.sound)
        tops.append(verdict.top(judge.names, TOP))
        logits.append(verdict.clip_logits)
        embeddings.append(verdict.clip_embedding)
    return Heard(tuple(sounds), tuple(tops), np.stack(logits), np.stack(embeddings))
