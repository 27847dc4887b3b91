"""From a folder of sounds and a table to mels, split by source recording.

    python -m diffava_foley.training.embedded.sounds TABLE SOUNDS RUN

TABLE is tab-separated with the columns file, class, label, licence, author, source, original_name.
Writes ``RUN/mels.npz`` (one array a file, float16) and ``RUN/sounds.json`` (one row a file, with
its split). Every file of one recording falls in the same split.
"""

import argparse
import csv
import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
import torch

from . import classes, mel

HELD_OUT = 0.12  # share of each sound's recordings, at least one
PEAK = 0.95


@dataclass(frozen=True)
class Recording:
    """One sound file of the table."""

    file: str
    sound: str
    """The name of one of :data:`classes.SOUNDS`."""
    licence: str
    author: str
    source: str
    recording: str
    """What it was cut from; the unit of the split."""
    held_out: bool
    frames: int
    """Length of its mel."""


def main() -> None:
    """Writes the mels and the rows of a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("table", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("run", type=Path)
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)

    rows: list[Recording] = []
    mels: dict[str, np.ndarray] = {}
    with options.table.open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            sound = classes.of(row["class"], row["label"])
            if sound is None:
                continue
            spectrum = _mel(options.sounds / row["file"])
            if spectrum is None:
                continue
            recording = recording_of(row["source"], row["original_name"])
            mels[row["file"]] = spectrum
            rows.append(
                Recording(
                    file=row["file"],
                    sound=sound.name,
                    licence=row["licence"],
                    author=row["author"],
                    source=row["source"],
                    recording=recording,
                    held_out=False,
                    frames=len(spectrum),
                )
            )
    rows = split(rows)
    np.savez(options.run / "mels.npz", **mels)  # type: ignore[arg-type]
    (options.run / "sounds.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))


def load(run: Path) -> tuple[list[Recording], dict[str, np.ndarray]]:
    """The rows of a run and their mels by file, each (frames, N_MELS) float16."""
    rows = [Recording(**row) for row in json.loads((run / "sounds.json").read_text())]
    with np.load(run / "mels.npz") as archive:
        return rows, {name: archive[name] for name in archive.files}


def recording_of(source: str, original_name: str) -> str:
    """The name of the recording that a file was cut from.

    ESC-50 names a file ``fold-freesound id-take-class``; elsewhere, takes of one recording differ
    in their last number.
    """
    stem = Path(original_name).stem
    if source.startswith("esc50") and (parts := stem.split("-"))[1:]:
        return f"freesound/{parts[1]}"
    return f"{source}/{re.sub(r'[ _-]*[0-9]+$', '', stem.lower())}"


def split(rows: list[Recording]) -> list[Recording]:
    """The rows with some recordings of every sound held out, chosen by the hash of their name."""
    held_out: set[str] = set()
    for sound in {row.sound for row in rows}:
        names = {row.recording for row in rows if row.sound == sound}
        by_hash = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        held_out.update(by_hash[: max(1, round(HELD_OUT * len(names)))])
    return [replace(row, held_out=row.recording in held_out) for row in rows]


def _mel(path: Path) -> np.ndarray | None:
    wave, rate = soundfile.read(path, dtype="float32")
    peak = np.abs(wave).max(initial=0.0)
    if rate != mel.SAMPLE_RATE or len(wave) < mel.N_FFT or peak < 1e-3:
        return None
    spectrum = mel.log_mel(torch.from_numpy(wave * (PEAK / peak)))
    return _trim(spectrum.numpy()).astype(np.float16)


def _trim(spectrum: np.ndarray) -> np.ndarray:
    """The spectrum without the digital silence before and after."""
    silence = (mel.FLOOR - mel.MEAN) / mel.STD
    loud = np.flatnonzero(spectrum.max(axis=1) > silence + 0.4)
    return spectrum[loud[0] : loud[-1] + 1] if len(loud) else spectrum


if __name__ == "__main__":
    main()
