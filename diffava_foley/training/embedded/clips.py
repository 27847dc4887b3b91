"""Training clips: crops of recordings, and short takes strung together, all of one length.

A single footstep lasts a third of a second. A clip of a short sound is several takes of it, one
after the other with the pauses a person would leave.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import mel
from .sounds import Recording

SILENCE = (mel.FLOOR - mel.MEAN) / mel.STD
SHORT = round(1.2 * mel.SAMPLE_RATE / mel.HOP)  # frames
PAUSE = (8, 60)  # frames
CROPS = 3  # drawn from a long recording, of which the loudest is taken: barks, not what is between
LEVEL = 0.5  # standard deviations of the level, in natural log units


def draw(
    rows: Sequence[Recording],
    mels: dict[str, NDArray[np.float16]],
    random: np.random.Generator,
    frames: int = mel.CLIP_FRAMES,
) -> NDArray[np.float32]:
    """One clip of one sound: (frames, N_MELS), from rows that all bear the same sound."""
    clip = np.full((frames, mel.N_MELS), SILENCE, dtype=np.float32)
    row = rows[int(random.integers(len(rows)))]
    spectrum = mels[row.file]
    if len(spectrum) >= SHORT:
        starts = random.integers(max(len(spectrum) - frames, 0) + 1, size=CROPS)
        piece = max((spectrum[at : at + frames] for at in starts), key=_loudness)
        at = int(random.integers(frames - len(piece) + 1)) // 2
        clip[at : at + len(piece)] = piece
    else:
        # Takes of the same source belong together: one walker, one axe.
        kin = [other for other in rows if other.recording == row.recording] or [row]
        at = int(random.integers(*PAUSE)) // 2
        while at < frames:
            piece = mels[kin[random.integers(len(kin))].file][: frames - at]
            clip[at : at + len(piece)] = piece
            at += len(piece) + int(random.integers(*PAUSE))
    softer: NDArray[np.float32] = clip - np.float32(abs(random.normal(0, LEVEL)) / mel.STD)
    return np.maximum(softer, np.float32(SILENCE))


def _loudness(piece: NDArray[np.float16]) -> float:
    return float(piece.max(axis=1).mean(dtype=np.float64))


def by_sound(rows: Sequence[Recording], *, held_out: bool) -> dict[str, list[Recording]]:
    """The rows of one split, grouped by their sound."""
    groups: dict[str, list[Recording]] = {}
    for row in rows:
        if row.held_out == held_out:
            groups.setdefault(row.sound, []).append(row)
    return groups
