"""The best that can be reached: real sounds, cut to the moments in which their objects are seen.

The judge hears nearly a second at a time and so blurs every border: no sound, however true to the
picture, gets the whole score. Real sounds that go on throughout get one, which is chance.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.judges import Judge
from diffava_foley.training.embedded import mel, sounds

from .scenes import Scene
from .trial import Outcome, Wave, listen

FADE = 0.02  # seconds
SHORT = 1.0  # seconds; what is shorter is played again after a pause
PAUSE = 0.15  # seconds


def hear(
    planned: Sequence[Scene], run: Path, folder: Path, judge: Judge, *, gated: bool
) -> list[Outcome]:
    """What the judge hears in real held-out sounds, in their objects' time or throughout."""
    rows, _ = sounds.load(run)
    groups: dict[str, list[sounds.Recording]] = {}
    for row in sorted(rows, key=lambda row: (not row.held_out, -row.frames)):
        groups.setdefault(row.sound, []).append(row)
    return [
        listen(judge, scene, play(scene, groups, folder, number, gated=gated), mel.SAMPLE_RATE)
        for number, scene in enumerate(planned)
    ]


def play(
    scene: Scene,
    groups: dict[str, list[sounds.Recording]],
    folder: Path,
    number: int,
    *,
    gated: bool,
) -> Wave:
    """The scene's true sound: a recording of each object, (N,)."""
    rate = mel.SAMPLE_RATE
    total = int(scene.seconds * rate)
    mixed = np.zeros(total, np.float32)
    for stay in scene.stays:
        some = [row for row in groups.get(stay.sound, []) if row.held_out][:3]
        if not some:
            raise EvaluationError(f"no held-out recording of {stay.sound} in the run")
        begin, end = (int(stay.begin * rate), int(stay.end * rate)) if gated else (0, total)
        wave, _ = soundfile.read(folder / some[number % len(some)].file, dtype="float32")
        mixed[begin:end] += faded(lasting(wave, end - begin, rate), rate)
    return mixed


def lasting(wave: Wave, count: int, rate: int) -> Wave:
    """The recording's beginning, at full level, again and again until it lasts: (count,)."""
    loud: NDArray[np.intp] = np.flatnonzero(np.abs(wave) > 0.02 * np.abs(wave).max())
    wave = wave[loud[0] : loud[-1] + 1] if len(loud) else wave
    if len(wave) < SHORT * rate:
        wave = np.concatenate([wave, np.zeros(int(PAUSE * rate), np.float32)])
    wave = wave * (sounds.PEAK / max(float(np.abs(wave[:count]).max()), 1e-6))
    repeated: Wave = np.resize(wave, count)
    return repeated


def faded(wave: Wave, rate: int) -> Wave:
    """The wave with a short fade at both ends: (N,)."""
    away = np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1])
    softened: Wave = wave * np.clip(away / (FADE * rate), 0, 1).astype(np.float32)
    return softened
