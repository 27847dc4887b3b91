"""Three seconds of real recordings: of long ones a part, of short ones several in a row."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from diffava_foley.training.embedded import clips, mel, sounds

from .heard import Clip

SECONDS = 3
SAMPLES = SECONDS * mel.SAMPLE_RATE
SHORT = clips.SHORT * mel.HOP
SHORTEST, LONGEST = (frames * mel.HOP for frames in clips.PAUSE)  # pauses


def parts(row: sounds.Recording, folder: Path, most: int) -> Iterator[Clip]:
    """Up to ``most`` parts of one recording, one after the other; a short one is repeated."""
    wave = _read(row, folder)
    if len(wave) < SHORT:
        random = np.random.default_rng(0)
        yield Clip(row.sound, _in_a_row([wave], random), mel.SAMPLE_RATE)
        return
    for start in range(0, max(len(wave) - SAMPLES // 2, 1), SAMPLES)[:most]:
        yield Clip(row.sound, wave[start : start + SAMPLES], mel.SAMPLE_RATE)


def of_sound(
    rows: Sequence[sounds.Recording], folder: Path, count: int, random: np.random.Generator
) -> Iterator[Clip]:
    """``count`` clips of recordings that bear one sound, each recording in its turn.

    Short ones are strung together as in training: takes of the same source, with pauses.
    """
    order = random.permutation(len(rows))
    for number in range(count):
        row = rows[order[number % len(rows)]]
        wave = _read(row, folder)
        if len(wave) < SHORT:
            kin = [_read(one, folder) for one in rows if one.recording == row.recording]
            wave = _in_a_row(kin, random)
        start = int(random.integers(max(len(wave) - SAMPLES, 0) + 1))
        yield Clip(row.sound, wave[start : start + SAMPLES], mel.SAMPLE_RATE)


def _in_a_row(
    takes: Sequence[NDArray[np.float32]], random: np.random.Generator
) -> NDArray[np.float32]:
    wave = np.zeros(SAMPLES, np.float32)
    at = int(random.integers(SHORTEST, LONGEST)) // 2
    while at < SAMPLES:
        piece = takes[int(random.integers(len(takes)))][: SAMPLES - at]
        wave[at : at + len(piece)] = piece
        at += len(piece) + int(random.integers(SHORTEST, LONGEST))
    return wave


def _read(row: sounds.Recording, folder: Path) -> NDArray[np.float32]:
    wave: NDArray[np.float32] = soundfile.read(folder / row.file, dtype="float32")[0]
    return wave * np.float32(sounds.PEAK / max(float(np.abs(wave).max()), 1e-6))
