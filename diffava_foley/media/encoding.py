"""Samples into the stream of a file that is being written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LAYOUTS = {1: "mono", 2: "stereo"}
CHUNK_SAMPLES = 1 << 16
LOSSY_BITS_PER_SECOND = 128_000  # for each channel


@dataclass(frozen=True)
class Encoding:
    """How a file holds its samples."""

    codec: str
    sample_format: str
    """FFmpeg's name: s16, s32, flt, or with a p for planar."""
    whole_bits: int = 0
    """Bits of an integer sample; 0 for floating point."""


def add_sound(
    container: OutputContainer, encoding: Encoding, channels: int, sample_rate: int
) -> AudioStream:
    """A new sound stream in a file that is being written."""
    stream = cast(AudioStream, container.add_stream(encoding.codec, rate=sample_rate))
    stream.codec_context.layout = LAYOUTS[channels]
    stream.codec_context.format = encoding.sample_format
    stream.codec_context.bit_rate = LOSSY_BITS_PER_SECOND * channels
    return stream


def encoded(
    stream: AudioStream, blocks: Iterable[Samples], encoding: Encoding
) -> "Iterator[av.Packet[AudioStream]]":
    """The packets of all samples, given in blocks (C, n), made as they are asked for."""
    written = 0
    for block in blocks:
        layout = LAYOUTS[block.shape[0]]
        for start in range(0, block.shape[1], CHUNK_SAMPLES):
            packed = _pack(block[:, start : start + CHUNK_SAMPLES], encoding)
            frame = av.AudioFrame.from_ndarray(packed, encoding.sample_format, layout)
            frame.sample_rate = stream.codec_context.sample_rate
            frame.pts = written + start
            yield from stream.encode(frame)
        written += block.shape[1]
    yield from stream.encode(None)


def _pack(samples: Samples, encoding: Encoding) -> NDArray[Any]:
    """Samples (C, n) as (C, n) if planar, or else interleaved as (1, n * C)."""
    planar = encoding.sample_format.endswith("p")
    arranged = samples if planar else samples.T.reshape(1, -1)
    if not encoding.whole_bits:
        return np.ascontiguousarray(arranged, dtype=np.float32)
    full_scale = 1 << (encoding.whole_bits - 1)
    whole = np.rint(arranged.astype(np.float64) * full_scale)
    whole = np.clip(whole, -full_scale, full_scale - 1).astype(np.int32)
    if encoding.sample_format.startswith("s16"):
        return whole.astype(np.int16)
    return whole << (32 - encoding.whole_bits)
