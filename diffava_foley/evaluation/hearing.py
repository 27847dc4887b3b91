"""What the judges hear in the sounds of a comparison, as arrays with a row for every clip."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diffava_foley.media.audio import read_audio
from diffava_foley.model.claps import Clap

from .excerpts import Excerpt, frames
from .judges import Verdict
from .jury import Jury
from .making import SAMPLE_RATE, Tried
from .metrics import av_align, motion, onsets

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]

SHORT_SIDE = 224
"""Pixels of the picture in which motion is looked for."""


@dataclass(frozen=True)
class Heard:
    """What one judge heard in the sounds of one system, N clips."""

    logits: Floats
    """(N, C); C is 0 for a judge that knows no classes."""
    embeddings: Floats
    """(N, D), the mean over each clip."""
    patches: tuple[Floats, ...]
    """N times (P, D), one row a patch."""


@dataclass(frozen=True)
class InClap:
    """Captions and sounds in the space of one CLAP."""

    name: str
    texts: Floats
    """(N, D)."""
    sounds: Mapping[str, Floats]
    """By system (N, D)."""


@dataclass(frozen=True)
class Hearing:
    """What all judges heard, own sounds included."""

    clips: int
    judged: Mapping[str, Mapping[str, Heard]]
    """By judge's name and system."""
    clap: InClap | None
    """None where no CLAP listened."""
    aligned: Mapping[str, NDArray[np.float64]]
    """By system (N,), AV-Align of each clip; NaN where nothing moves and nothing begins."""


def hear(tried: Sequence[Tried], jury: Jury, progress: Progress | None = None) -> Hearing:
    """What every judge hears in every sound, each sound read once."""
    clap = jury.clap
    systems = list(tried[0].sounds)
    verdicts: dict[str, dict[str, list[Verdict]]] = {
        judge.name: {system: [] for system in systems} for judge in jury.judges
    }
    claps: dict[str, list[Floats]] = {system: [] for system in systems}
    aligned: dict[str, list[float]] = {system: [] for system in systems}
    for number, one in enumerate(tried):
        peaks = _motion(one.excerpt) if jury.sees_motion else None
        for system, path in one.sounds.items():
            wave = _wave(path)
            for judge in jury.judges:
                verdicts[judge.name][system].append(judge.hear(wave, SAMPLE_RATE))
            if clap is not None:
                claps[system].append(_embedded(clap, wave))
            if peaks is not None:
                aligned[system].append(_aligned(wave, peaks, one.excerpt.rate))
        if progress is not None:
            progress(number + 1, len(tried))
    return Hearing(
        clips=len(tried),
        judged={
            name: {system: _heard(given) for system, given in heard.items()}
            for name, heard in verdicts.items()
        },
        clap=None if clap is None else _in_clap(clap, tried, claps),
        aligned={system: np.array(rows) for system, rows in aligned.items() if rows},
    )


def _wave(path: Path) -> Floats:
    wave: Floats = read_audio(path, SAMPLE_RATE, channels=1).samples[0]
    return wave


def _embedded(clap: Clap, wave: Floats) -> Floats:
    embedded: Floats = clap.embed_audio(torch.from_numpy(wave[None]), SAMPLE_RATE)[0].cpu().numpy()
    return embedded


def _heard(verdicts: Sequence[Verdict]) -> Heard:
    return Heard(
        logits=np.stack([verdict.clip_logits for verdict in verdicts]),
        embeddings=np.stack([verdict.clip_embedding for verdict in verdicts]),
        patches=tuple(verdict.embeddings for verdict in verdicts),
    )


def _in_clap(clap: Clap, tried: Sequence[Tried], sounds: Mapping[str, Sequence[Floats]]) -> InClap:
    texts = [clap.embed_text([one.excerpt.caption])[0].cpu().numpy() for one in tried]
    return InClap(
        clap.id, np.stack(texts), {system: np.stack(rows) for system, rows in sounds.items()}
    )


def _motion(part: Excerpt) -> NDArray[np.float64]:
    """The seconds at which the picture moves most."""
    return motion.motion_seconds(frames(part, part.rate, SHORT_SIDE), part.rate)


def _aligned(wave: Floats, peaks: NDArray[np.float64], rate: Fraction) -> float:
    return av_align.av_align(onsets.onset_seconds(wave, SAMPLE_RATE), peaks, float(1 / rate))
