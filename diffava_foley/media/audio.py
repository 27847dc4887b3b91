"""Sounds: in from a file, to another rate, ready for delivery, out to a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import soxr
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from diffava_foley.errors import BadTake, OutputError, UnreadableMedia
from diffava_foley.media.containers import open_media, unreadable
from diffava_foley.media.encoding import LAYOUTS, Encoding, Samples, add_sound, encoded
from diffava_foley.media.publish import NewFile, new_file
from diffava_foley.media.windows import sample_count

Bits = Literal[16, 24, 32]

DELIVERY_RATE = 48_000
FADE_SECONDS = Fraction(1, 200)
CEILING = 10 ** (-1 / 20)  # -1 dBFS


@dataclass(frozen=True)
class Sound:
    """Samples (C, N) between -1 and 1, and how many of them make a second."""

    samples: Samples
    sample_rate: int

    @property
    def duration(self) -> Fraction:
        """The length in seconds."""
        return Fraction(self.samples.shape[1], self.sample_rate)


ENCODINGS = {
    (".wav", 16): Encoding("pcm_s16le", "s16", 16),
    (".wav", 24): Encoding("pcm_s24le", "s32", 24),
    (".wav", 32): Encoding("pcm_f32le", "flt", 0),
    (".flac", 16): Encoding("flac", "s16", 16),
    (".flac", 24): Encoding("flac", "s32", 24),
}


def read_audio(
    path: Path,
    sample_rate: int | None = None,
    channels: Literal[1, 2] | None = None,
    *,
    start: Fraction = Fraction(0),
    duration: Fraction | None = None,
) -> Sound:
    """The sound in a file, at its own rate and channels or the ones asked for.

    From ``start`` and for ``duration`` seconds, or as much of them as there is; the rest of a
    long file is never in memory.
    """
    with open_media(path) as container:
        if not container.streams.audio:
            raise UnreadableMedia(f"{path}: there is no sound in this file")
        stream = container.streams.audio[0]
        rate = stream.codec_context.sample_rate
        first = sample_count(start, rate)
        end = None if duration is None else first + sample_count(duration, rate)
        blocks = list(_stretch(_decode(path, container, stream), first, end))
    if not blocks:
        raise UnreadableMedia(
            f"{path}: there is not one sample of sound in this file"
            + (f" from {float(start):g} s on" if start else "")
        )
    sound = Sound(np.concatenate(blocks, axis=1), rate)
    samples = _with_channels(sound.samples, channels) if channels else sound.samples
    if sample_rate is None or sample_rate == rate:
        return Sound(samples, rate)
    length = sample_count(sound.duration, sample_rate)
    return Sound(resample(samples, rate, sample_rate, length), sample_rate)


def resample(samples: Samples, rate_in: int, rate_out: int, length: int) -> Samples:
    """The samples (C, N) at another rate, band-limited, cut or padded to (C, length)."""
    if rate_in != rate_out and samples.shape[1]:
        samples = soxr.resample(samples.T, rate_in, rate_out, quality="VHQ").T
    fitted = np.zeros((samples.shape[0], length), np.float32)
    kept = min(length, samples.shape[1])
    fitted[:, :kept] = samples[:, :kept]
    return fitted


def deliver(
    samples: Samples,
    rate_in: int,
    *,
    duration: Fraction,
    sample_rate: int = DELIVERY_RATE,
    channels: Literal[1, 2] = 1,
    fade_seconds: Fraction = FADE_SECONDS,
    ceiling: float = CEILING,
) -> Samples:
    """A sound (C, N) made ready for an editor: exact in length, faded, below the ceiling.

    Its level is lowered if its peak is too high and never raised.
    """
    if not np.isfinite(samples).all():
        raise BadTake("the sound has samples that are not numbers; try another seed")
    length = sample_count(duration, sample_rate)
    delivered = resample(_with_channels(samples, channels), rate_in, sample_rate, length)
    _fade(delivered, min(sample_count(fade_seconds, sample_rate), length // 2))
    peak = float(np.abs(delivered).max(initial=0.0))
    if peak > ceiling:
        delivered *= np.float32(ceiling / peak)
        np.clip(delivered, -ceiling, ceiling, out=delivered)
    return delivered


def write_audio(
    path: Path, samples: Samples, sample_rate: int, *, bits: Bits = 24, overwrite: bool = False
) -> None:
    """Write samples (C, N) to a new .wav or .flac file, all of them or no file at all.

    32 bits are floating point, which FLAC does not have.
    """
    encoding = ENCODINGS.get((path.suffix.lower(), bits))
    if encoding is None:
        raise OutputError(f"{path}: cannot write {bits} bits to this; use .wav, or .flac up to 24")
    if samples.ndim != 2 or samples.shape[0] not in LAYOUTS or not samples.size:
        raise OutputError(f"{path}: a sound is mono or stereo, and has a sample at least")
    if not np.isfinite(samples).all():
        raise OutputError(f"{path}: the sound has samples that are not numbers")
    try:
        with new_file(path, overwrite=overwrite) as file:
            _write(file, path.suffix.lower().lstrip("."), samples, sample_rate, encoding)
    except (av.FFmpegError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written ({error})") from error


def _decode(path: Path, container: InputContainer, stream: AudioStream) -> Iterator[Samples]:
    """Blocks (C, n) of floats; more than two channels are mixed down to stereo."""
    layout = LAYOUTS.get(stream.codec_context.channels, "stereo")
    to_floats = AudioResampler("fltp", layout, stream.codec_context.sample_rate)
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue  # a damaged packet costs its own few milliseconds
            for frame in frames:
                yield from map(_floats, to_floats.resample(frame))
        yield from map(_floats, to_floats.resample(None))
    except (av.FFmpegError, ValueError) as error:
        raise unreadable(path, error) from error


def _stretch(blocks: Iterator[Samples], first: int, end: int | None) -> Iterator[Samples]:
    """What lies between two samples, the second one excluded; decodes no further than that."""
    place = 0
    for block in blocks:
        kept = block[:, max(first - place, 0) : None if end is None else max(end - place, 0)]
        if kept.shape[1]:
            yield kept
        place += block.shape[1]
        if end is not None and place >= end:
            return


def _floats(block: av.AudioFrame) -> Samples:
    return block.to_ndarray().astype(np.float32, copy=False)


def _with_channels(samples: Samples, channels: Literal[1, 2]) -> Samples:
    if samples.shape[0] == channels:
        return samples
    mono = samples.mean(axis=0, keepdims=True).astype(np.float32)
    return np.repeat(mono, channels, axis=0)


def _fade(samples: Samples, length: int) -> None:
    """Fade in and out over so many samples, in place; a raised cosine has no corners."""
    if length:
        slope = np.sin(np.linspace(0, np.pi / 2, length, endpoint=False)) ** 2
        samples[:, :length] *= slope.astype(np.float32)
        samples[:, -length:] *= slope[::-1].astype(np.float32)


def _write(
    file: NewFile, format: str, samples: Samples, sample_rate: int, encoding: Encoding
) -> None:
    # Bit-exact: no version of FFmpeg in the file, so that the same samples are the same bytes.
    with av.open(file, "w", format=format, options={"fflags": "+bitexact"}) as container:
        stream = add_sound(container, encoding, samples.shape[0], sample_rate)
        for packet in encoded(stream, samples, encoding):
            container.mux(packet)
