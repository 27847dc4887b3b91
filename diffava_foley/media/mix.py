"""Many sounds in one file, each at its time: the stem of a whole track."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from diffava_foley.errors import OutputError
from diffava_foley.media.audio import Shape, read_audio, with_channels, write_blocks
from diffava_foley.media.broadcast import Broadcast
from diffava_foley.media.encoding import Samples
from diffava_foley.media.forms import Form
from diffava_foley.media.loudness import ratio, true_peak
from diffava_foley.media.windows import sample_count

BLOCK_SECONDS = 30
OPEN_AT_ONCE = 8


@dataclass(frozen=True)
class Piece:
    """A stretch of a sound file, and when in the mix it is heard; all in seconds."""

    path: Path
    start: Fraction
    duration: Fraction
    skipped: Fraction = Fraction(0)
    """how much of the file comes before the stretch"""


def write_mix(
    path: Path,
    pieces: Sequence[Piece],
    duration: Fraction,
    form: Form,
    *,
    broadcast: Broadcast | None = None,
    overwrite: bool = False,
) -> float:
    """How many dB the mix had to be lowered by, after writing it to a file of this duration.

    Every piece starts on the sample nearest to its time. The whole is lowered only where pieces
    that overlap would take it above the ceiling.
    """
    length = sample_count(duration, form.sample_rate)
    if not length:
        raise OutputError(f"{path}: the timeline has no length, and so has no stem")
    peaks = (true_peak(block, form.sample_rate) for block in _blocks(pieces, length, form))
    gain = min(0.0, form.true_peak - max(peaks))
    blocks: Iterable[Samples] = _blocks(pieces, length, form)
    if gain:
        blocks = (block * np.float32(ratio(gain)) for block in blocks)
    shape = Shape(form.channels, length, form.sample_rate, form.bits)
    write_blocks(path, blocks, shape, broadcast=broadcast, overwrite=overwrite)
    return -gain


def _blocks(pieces: Sequence[Piece], length: int, form: Form) -> Iterator[Samples]:
    """The mix (C, length), block by block."""
    read = lru_cache(OPEN_AT_ONCE)(lambda piece: _samples(piece, form))
    spans = [(sample_count(piece.start, form.sample_rate), piece) for piece in pieces]
    lengths = {piece: sample_count(piece.duration, form.sample_rate) for piece in pieces}
    size = BLOCK_SECONDS * form.sample_rate
    for start in range(0, length, size):
        end = min(start + size, length)
        block = np.zeros((form.channels, end - start), np.float32)
        for at, piece in spans:
            if at < end and at + lengths[piece] > start:
                _add(block, read(piece), at - start)
        yield block


def _samples(piece: Piece, form: Form) -> Samples:
    samples = read_audio(piece.path, form.sample_rate).samples
    skipped = sample_count(piece.skipped, form.sample_rate)
    length = sample_count(piece.duration, form.sample_rate)
    return with_channels(samples[:, skipped : skipped + length], form.channels)


def _add(block: Samples, samples: Samples, at: int) -> None:
    """Add samples (C, n) to a block, in place, from this sample of it on."""
    first, last = max(at, 0), min(at + samples.shape[1], block.shape[1])
    if first < last:
        block[:, first:last] += samples[:, first - at : last - at]
