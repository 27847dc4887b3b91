"""Test lists: which clips are tried, each with one of its captions.

A list is a manifest as the training reads it, AudioCaps' own test table included. Of several
captions of one clip the seed chooses one, as the paper chooses at random, wherever the clip stands.
"""

from fractions import Fraction
from pathlib import Path

from diffava_foley.errors import FoleyError
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import source_from_path
from diffava_foley.store import key
from diffava_foley.training.manifests import Clip, read_manifest

from .excerpts import Excerpt, Failed, excerpt

LONGEST_CUT = Fraction(11)
"""Seconds; a file of AudioCaps that is no longer holds the clip and nothing else."""


def read_list(
    path: Path, media: Path | None, seconds: Fraction, *, seed: int = 0, limit: int | None = None
) -> tuple[Excerpt | Failed, ...]:
    """The excerpts that a list names, at most so many seconds of each.

    They come in the order of a hash, so that the first ones (``limit``) are a fair sample; a line
    that cannot be read or whose clip is missing has failed.
    """
    manifest = read_manifest(path, media)
    broken = (Failed(one.clip, "", one.reason) for one in manifest.broken)
    found = (_find(clip, seconds, seed) for clip in manifest.clips[:limit])
    return (*found, *broken)


def _find(clip: Clip, seconds: Fraction, seed: int) -> Excerpt | Failed:
    which = int(key([clip.name, str(clip.start), seed])[:8], 16)
    caption = clip.captions[which % len(clip.captions)]
    name = f"{clip.name} at {float(clip.start):g} s" if clip.start else clip.name
    wanted = seconds if clip.duration is None else min(seconds, clip.duration)
    try:
        start = Fraction(0) if _is_cut(clip) else clip.start
        return excerpt(clip.file, caption, start, wanted, name)
    except FoleyError as error:
        return Failed(name, caption, str(error))


def _is_cut(clip: Clip) -> bool:
    """Whether the file is the stretch itself; where its name does not say, its length does."""
    if not clip.perhaps_cut:
        return clip.cut
    length = probe(source_from_path(clip.file)).duration or Fraction(0)
    return length <= LONGEST_CUT
