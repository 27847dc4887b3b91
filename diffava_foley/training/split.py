"""Which clips are learned from and which are held out: never one origin on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from diffava_foley.errors import TrainingError

from .features import Features, Folder, difference
from .stream import Batch, Chosen, collate

LARGEST = 2**63 - 1
MEASURED = 1000  # clips at most, so that memory does not grow with what is held out


@dataclass(frozen=True)
class Split:
    """Clips to learn from and clips to measure with."""

    learned: Chosen
    """of the features given"""
    measured: Chosen
    """of ``held_out``"""
    held_out: Folder
    """Where the clips to measure with are."""


def by_share(folder: Folder, share: float) -> Split:
    """A split in which about this share of the origins is held out, the same ones at any time."""
    limit = int(share * LARGEST)
    return Split(lambda sources: sources >= limit, lambda sources: sources < limit, folder)


def by_folder(folder: Folder, held_out: Folder) -> Split:
    """A split in which a folder of its own is held out; what has its origins is not learned."""
    if held_out.made != folder.made:
        raise TrainingError(
            f"{held_out.path}: its features are of other encoders than those in {folder.path}"
            f" ({difference(held_out.made, folder.made)}); prepare both alike"
        )
    known = [held_out.sources(number) for number in range(len(held_out.clips))]
    origins = torch.cat(known).unique()
    return Split(
        lambda sources: ~torch.isin(sources, origins),
        lambda sources: torch.ones_like(sources, dtype=torch.bool),
        held_out,
    )


def measuring(split: Split) -> Batch | None:
    """The clips to measure with, each with its first caption; None where two cannot be found."""
    clips = list(islice(_clips(split.held_out, split.measured), MEASURED))
    return collate(clips) if len(clips) > 1 else None


def _clips(folder: Folder, chosen: Chosen) -> Iterator[Features]:
    for number in range(len(folder.clips)):
        shard = folder.shard(number)
        rows: Tensor = chosen(shard.tensors["source"]).nonzero().flatten()
        yield from (shard.features(row) for row in rows.tolist())
