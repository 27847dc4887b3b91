"""The clips of an epoch in an order that chance decides, read as they are needed.

Shards come in a random order, and the clips of ``MIXED`` shards at a time are mixed; since shards
are fair samples of all clips, so is every batch. No more than that is ever in memory, and where an
epoch was left off is one number: the order is a function of seed and epoch alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from .features import Features, Folder

MIXED = 16  # shards

Chosen = Callable[[Tensor], Tensor]
"""Which clips of these origins, (N,), take part: (N,) of truth values."""


@dataclass(frozen=True)
class Batch:
    """Clips side by side, the shorter ones padded with zeros."""

    video: Tensor
    """(B, T, V)"""
    audio: Tensor
    """(B, T, D)"""
    whole: Tensor
    """(B, D)"""
    text: Tensor
    """(B, D), one caption of each"""
    mask: Tensor
    """(B, T), true where a clip has such a second"""

    def rows(self, which: slice) -> "Batch":
        """Some of its clips, as long as they are among the others."""
        return Batch(*(part[which] for part in vars(self).values()))

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        return Batch(*(part.to(device) for part in vars(self).values()))


def count(folder: Folder, chosen: Chosen) -> list[int]:
    """How many clips of each shard take part."""
    return [int(chosen(folder.sources(number)).sum()) for number in range(len(folder.clips))]


def batches(
    folder: Folder, chosen: Chosen, counts: list[int], size: int, seed: int, epoch: int, skip: int
) -> Iterator[Batch]:
    """The full batches of an epoch, from number ``skip`` on."""
    clips = stream(folder, chosen, counts, seed, epoch, skip * size)
    number = skip
    while len(some := list(islice(clips, size))) == size:
        yield collate(some, np.random.default_rng((seed, epoch, CAPTIONS, number)))
        number += 1


def stream(
    folder: Folder, chosen: Chosen, counts: list[int], seed: int, epoch: int, skip: int = 0
) -> Iterator[Features]:
    """The clips in the epoch's order, from number ``skip`` on; shards before it are not read."""
    order = np.random.default_rng((seed, epoch, SHARDS)).permutation(len(counts))
    for group in range(0, len(order), MIXED):
        numbers = order[group : group + MIXED]
        here = sum(counts[number] for number in numbers)
        if skip < here:
            mixed = np.random.default_rng((seed, epoch, CLIPS, group)).permutation(here)
            yield from _mixed(folder, chosen, numbers.tolist(), mixed[skip:].tolist())
        skip = max(skip - here, 0)


SHARDS, CLIPS, CAPTIONS = range(3)  # what chance decides, each in its own way


def _mixed(
    folder: Folder, chosen: Chosen, numbers: list[int], order: list[int]
) -> Iterator[Features]:
    shards = [folder.shard(number) for number in numbers]
    places = [
        (shard, row)
        for shard in shards
        for row in chosen(shard.tensors["source"]).nonzero().flatten().tolist()
    ]
    for place in order:
        shard, row = places[place]
        yield shard.features(row)


def collate(clips: list[Features], random: np.random.Generator | None = None) -> Batch:
    """A batch of clips, each with one of its captions: any by chance, or else the first."""
    lengths = torch.tensor([len(clip.video) for clip in clips])
    said = [0 if random is None else int(random.integers(len(clip.text))) for clip in clips]
    return Batch(
        video=pad_sequence([clip.video.float() for clip in clips], batch_first=True),
        audio=pad_sequence([clip.audio.float() for clip in clips], batch_first=True),
        whole=torch.stack([clip.whole.float() for clip in clips]),
        text=torch.stack([clip.text[k].float() for clip, k in zip(clips, said, strict=True)]),
        mask=torch.arange(int(lengths.max())) < lengths[:, None],
    )
