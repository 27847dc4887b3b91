"""Features with a planted relation, as ``train prepare`` would have written them.

A clip's picture says at each second which of many sounds is heard, through a fixed random map; its
caption says nothing of use. Whoever learns the map finds a clip's sound among all others.
"""

from fractions import Fraction
from pathlib import Path

import torch
from torch.nn import functional as F

from diffava_foley.training import features
from diffava_foley.training.features import Features, Folder, Made
from diffava_foley.training.manifests import Clip

MADE = Made("base", "clap", "eye", "ear", video_width=24, text_width=16)


def clip(number: int, captions: int = 1) -> Clip:
    return Clip(
        f"clip {number}",
        Path(f"clip{number}.mp4"),
        Fraction(0),
        None,
        tuple(f"caption {number} {k}" for k in range(captions)),
    )


def write(
    path: Path,
    count: int,
    *,
    first: int = 0,
    seconds: tuple[int, ...] = (4,),
    captions: int = 1,
    made: Made = MADE,
) -> Folder:
    """A folder of features of clips ``first``, ``first + 1``, …, as long as ``seconds`` in turn."""
    folder = features.begin(path, made)
    entries = []
    for number in range(first, first + count):
        length = seconds[number % len(seconds)]
        entries.append((clip(number, captions), planted(number, length, captions, made)))
        if len(entries) == features.SHARD_CLIPS:
            folder, entries = folder.add(entries), []
    return folder.add(entries) if entries else folder


def planted(number: int, seconds: int, captions: int, made: Made = MADE) -> Features:
    """The features of one clip."""
    relation = torch.randn(
        made.video_width, made.text_width, generator=torch.Generator().manual_seed(99)
    )
    random = torch.Generator().manual_seed(number)
    seen = torch.randn(seconds, made.video_width, generator=random)
    heard = F.normalize(seen @ relation, dim=-1)
    words = F.normalize(torch.randn(captions, made.text_width, generator=random), dim=-1)
    return Features(seen, heard, F.normalize(heard.mean(dim=0), dim=-1), words)
