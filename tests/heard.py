"""A timeline played by engines that nobody here wrote: MLT and FFmpeg.

Both are driven from what OpenTimelineIO reads in the file; nothing of ours is used.
"""

import ctypes.util
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import opentimelineio as otio
from imageio_ffmpeg import get_ffmpeg_exe

RATE = 48_000


@dataclass(frozen=True)
class Heard:
    """A clip of an audio track, in whole frames."""

    file: Path
    track: int
    start: int
    frames: int
    first: int
    """the frame of the file that is heard first"""


def audio_clips(timeline: otio.schema.Timeline, folder: Path) -> Iterator[Heard]:
    """The clips of the audio tracks, where OpenTimelineIO says they are."""
    for number, track in enumerate(timeline.audio_tracks()):
        for clip in track.find_clips():
            there, taken = clip.media_reference.available_range, clip.source_range
            yield Heard(
                folder / clip.media_reference.target_url,
                number,
                round(clip.range_in_parent().start_time.value),
                round(taken.duration.value),
                round(taken.start_time.value - there.start_time.value),
            )


def by_mlt(clips: list[Heard], rate: Fraction, folder: Path) -> np.ndarray:
    """The sound of the clips as MLT plays them, in samples at 48 kHz."""
    root = ElementTree.Element("mlt", LC_NUMERIC="C")
    ElementTree.SubElement(
        root,
        "profile",
        {"frame_rate_num": str(rate.numerator), "frame_rate_den": str(rate.denominator)}
        | {"width": "64", "height": "36", "progressive": "1"}
        | {"display_aspect_num": "16", "display_aspect_den": "9"}
        | {"sample_aspect_num": "1", "sample_aspect_den": "1", "colorspace": "709"},
    )
    for number, clip in enumerate(clips):
        producer = ElementTree.SubElement(root, "producer", id=f"take{number}")
        for name, value in (("resource", str(clip.file)), ("mlt_service", "avformat")):
            ElementTree.SubElement(producer, "property", name=name).text = value
    tracks = sorted({clip.track for clip in clips})
    for track in tracks:
        playlist = ElementTree.SubElement(root, "playlist", id=f"track{track}")
        cursor = 0
        for number, clip in enumerate(clips):
            if clip.track != track:
                continue
            if clip.start > cursor:
                ElementTree.SubElement(playlist, "blank", length=str(clip.start - cursor))
            last = clip.first + clip.frames - 1
            entry = {"producer": f"take{number}", "in": str(clip.first), "out": str(last)}
            ElementTree.SubElement(playlist, "entry", entry)
            cursor = clip.start + clip.frames
    tractor = ElementTree.SubElement(root, "tractor", id="all")
    for track in tracks:
        ElementTree.SubElement(tractor, "track", producer=f"track{track}")
    for place in range(1, len(tracks)):
        mix = ElementTree.SubElement(tractor, "transition")
        settings = {"mlt_service": "mix", "a_track": "0", "b_track": str(place), "sum": "1"}
        for name, value in (settings | {"always_active": "1"}).items():
            ElementTree.SubElement(mix, "property", name=name).text = value
    project = folder / "cut.mlt"
    ElementTree.ElementTree(root).write(project)
    return played_by_mlt(project, rate, max(c.start + c.frames for c in clips), folder)


def played_by_mlt(project: Path, rate: Fraction, frames: int, folder: Path) -> np.ndarray:
    """The sound of the first frames of a project of MLT's or Kdenlive's, in samples at 48 kHz."""
    sound, player = folder / "mlt.raw", Path(__file__).with_name("play_with_mlt.py")
    _run(sys.executable, str(player), str(project), str(sound), str(float(rate)), str(frames))
    return np.frombuffer(sound.read_bytes(), "<i2") / 2**15


def by_ffmpeg(clips: list[Heard], rate: Fraction, folder: Path) -> np.ndarray:
    """The sound of the clips as FFmpeg lays them, in samples at 48 kHz."""
    inputs, chains = [], []
    for number, clip in enumerate(clips):
        inputs += ["-i", str(clip.file)]
        first, end = (round(f * RATE / rate) for f in (clip.first, clip.first + clip.frames))
        delay = round(clip.start * RATE / rate)
        chains.append(
            f"[{number}:a]atrim=start_sample={first}:end_sample={end},asetpts=PTS-STARTPTS,"
            f"adelay={delay}S:all=1[a{number}]"
        )
    mixed = "".join(f"[a{number}]" for number in range(len(clips)))
    chains.append(f"{mixed}amix=inputs={len(clips)}:normalize=0:duration=longest[out]")
    sound = folder / "ffmpeg.wav"
    out = ["-map", "[out]", "-ar", "48000", "-ac", "1", "-c:a", "pcm_s16le", str(sound)]
    _run(get_ffmpeg_exe(), "-v", "error", "-y", *inputs, "-filter_complex", ";".join(chains), *out)
    return _samples(sound)


def found_at(take: np.ndarray, heard: np.ndarray) -> tuple[int, float]:
    """Where in what is heard a take begins, by cross-correlation, and how alike the two are."""
    size = 1 << int(np.ceil(np.log2(len(take) + len(heard))))
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(take, size))
    at = int(np.argmax(np.fft.irfft(product, size)[: len(heard)]))
    part = heard[at : at + len(take)]
    take = take[: len(part)]
    alike = float(np.dot(part, take) / (np.linalg.norm(part) * np.linalg.norm(take) or 1))
    return at, alike


ENGINES = {"mlt": by_mlt, "ffmpeg": by_ffmpeg}


def is_here(engine: str) -> bool:
    """Whether an engine is on this machine; FFmpeg comes with what the tests need."""
    return engine == "ffmpeg" or ctypes.util.find_library("mlt-7") is not None


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)


def _samples(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return data.astype(np.float64) / 2**15
