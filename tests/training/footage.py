"""Clips as a user has them: drawn pictures with a sound, and the table that tells of them."""

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from media.drawing import Clip, draw
from numpy.typing import NDArray

RATE = 16_000


def film(path: Path, seconds: float, pitch: float = 440.0) -> Path:
    """A movie of so many seconds whose sound is a tone."""
    picture = draw(path.with_suffix(".picture.mp4"), Clip(frames=round(seconds * 24)))
    time = np.arange(round(seconds * RATE)) / RATE
    _join(picture, path, (0.3 * np.sin(2 * np.pi * pitch * time)).astype(np.float32))
    picture.unlink()
    return path


def _join(picture: Path, path: Path, wave: NDArray[np.float32]) -> None:
    with av.open(str(picture)) as source, av.open(str(path), "w") as target:
        video = target.add_stream_from_template(source.streams.video[0])
        audio = target.add_stream("aac", rate=RATE, layout="mono")
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        frame = av.AudioFrame.from_ndarray(wave[None], "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        target.mux(audio.encode(frame))
        target.mux(audio.encode(None))


def manifest(path: Path, rows: Sequence[Sequence[object]], columns: str) -> Path:
    """A table of these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(columns.split(","))
        table.writerows(rows)
    return path
