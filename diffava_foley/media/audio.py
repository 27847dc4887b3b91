"""Sounds: in from a file, to another rate, out to a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from diffava_foley.errors import OutputError, UnreadableMedia
from diffava_foley.media.broadcast import Broadcast
from diffava_foley.media.containers import open_media, unreadable
from diffava_foley.media.encoding import LAYOUTS, Encoding, Samples, add_sound, encoded
from diffava_foley.media.forms import Bits, Channels
from diffava_foley.media.publish import NewFile, new_file
from diffava_foley.media.windows import sample_count

LARGEST_WAV = 2**32 - 2**20  # bytes; its header counts them in 32 bits


@dataclass(frozen=True)
class Sound:
    """Samples (C, N) between -1 and 1, and how many of them make a second."""

    samples: Samples
    sample_rate: int

    @property
    def duration(self) -> Fraction:
        """The length in seconds."""
        return Fraction(self.samples.shape[1], self.sample_rate)


BEXT = {"write_bext": "1"}
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
    channels: Channels | None = None,
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
    samples = with_channels(sound.samples, channels) if channels else sound.samples
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


def write_audio(
    path: Path,
    samples: Samples,
    sample_rate: int,
    *,
    bits: Bits = 24,
    broadcast: Broadcast | None = None,
    overwrite: bool = False,
) -> None:
    """Write samples (C, N) to a new .wav or .flac file, all of them or no file at all.

    32 bits are floating point, which FLAC does not have. With ``broadcast`` a .wav is a Broadcast
    WAV; FLAC has no place for that.
    """
    if samples.ndim != 2 or samples.shape[0] not in LAYOUTS or not samples.size:
        raise OutputError(f"{path}: a sound is mono or stereo, and has a sample at least")
    write_blocks(
        path,
        (samples,),
        Shape(samples.shape[0], samples.shape[1], sample_rate, bits),
        broadcast=broadcast,
        overwrite=overwrite,
    )


@dataclass(frozen=True)
class Shape:
    """The size of a sound in a file."""

    channels: int
    length: int
    """samples of a channel"""
    sample_rate: int
    bits: Bits = 24


def write_blocks(
    path: Path,
    blocks: Iterable[Samples],
    shape: Shape,
    *,
    broadcast: Broadcast | None = None,
    overwrite: bool = False,
) -> None:
    """Write a sound of this shape, block (C, n) by block, as ``write_audio`` does."""
    suffix = path.suffix.lower()
    encoding = ENCODINGS.get((suffix, shape.bits))
    if encoding is None:
        raise OutputError(
            f"{path}: cannot write {shape.bits} bits to this; use .wav, or .flac up to 24"
        )
    if suffix == ".wav" and shape.length * shape.channels * shape.bits // 8 > LARGEST_WAV:
        raise OutputError(f"{path}: is over 4 GiB, which no .wav holds; use fewer bits or channels")
    try:
        with new_file(path, overwrite=overwrite) as file:
            _write(file, path, blocks, shape, encoding, broadcast)
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


def with_channels(samples: Samples, channels: Channels) -> Samples:
    """The samples (C, N) as mono, their mean, or as stereo, the same on both sides."""
    if samples.shape[0] == channels:
        return samples
    mono = samples.mean(axis=0, keepdims=True).astype(np.float32)
    return np.repeat(mono, channels, axis=0)


def _write(
    file: NewFile,
    path: Path,
    blocks: Iterable[Samples],
    shape: Shape,
    encoding: Encoding,
    broadcast: Broadcast | None,
) -> None:
    # Bit-exact: no version of FFmpeg in the file, so that the same samples are the same bytes.
    format, options = path.suffix.lower().lstrip("."), {"fflags": "+bitexact"}
    is_broadcast = broadcast is not None and format == "wav"
    with av.open(
        file, "w", format=format, options=options | (BEXT if is_broadcast else {})
    ) as container:
        if broadcast and is_broadcast:
            tags = broadcast.tags(shape.sample_rate, shape.channels, shape.bits)
            container.metadata.update(tags)
        stream = add_sound(container, encoding, shape.channels, shape.sample_rate)
        for packet in encoded(stream, _finite(blocks, path), encoding):
            container.mux(packet)


def _finite(blocks: Iterable[Samples], path: Path) -> Iterator[Samples]:
    for block in blocks:
        if not np.isfinite(block).all():
            raise OutputError(f"{path}: the sound has samples that are not numbers")
        yield block
