"""A stretch of a clip that is tried: its picture, its caption and the sound it really has."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import MediaError
from diffava_foley.media.audio import read_audio
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import MovieSource, source_from_path
from diffava_foley.media.video import open_video
from diffava_foley.media.windows import sample_count
from diffava_foley.rendering import Picture, Request

SHORTEST = Fraction(1, 2)
"""Seconds; a clip with less picture than this is left out."""
USUAL_RATE = Fraction(25)


@dataclass(frozen=True)
class Excerpt:
    """Part of a movie, with the words for its sound."""

    name: str
    """What the list calls it; no other excerpt is called the same."""
    source: MovieSource
    start: Fraction
    """Seconds from the movie's first frame."""
    duration: Fraction
    """Seconds."""
    caption: str
    rate: Fraction
    """Frames a second."""

    @property
    def request(self) -> Request:
        """The sound that is asked for."""
        picture = Picture(self.source, self.duration, self._media_moments)
        return Request(picture, self.caption)

    def _media_moments(self, moments: Sequence[Fraction]) -> tuple[Fraction, ...]:
        return tuple(self.start + moment for moment in moments)


@dataclass(frozen=True)
class Failed:
    """A clip that could not be tried, and why."""

    name: str
    caption: str
    reason: str


def excerpt(
    clip: Path, caption: str, start: Fraction, seconds: Fraction | None, name: str = ""
) -> Excerpt:
    """The part of the clip from ``start``, as long as asked for or as the picture lasts."""
    source = source_from_path(clip)
    if not isinstance(source, MovieSource):
        raise MediaError(f"{clip}: an image has no sound to compare with; give a movie")
    info = probe(source)
    left = (info.duration or Fraction(0)) - start
    if left < SHORTEST:
        raise MediaError(
            f"{clip}: the picture ends {float(left):.2f} s after the start, {float(start):g} s;"
            " check the start"
        )
    duration = left if seconds is None else min(left, seconds)
    return Excerpt(
        name or clip.name, source, start, duration, caption, info.frame_rate or USUAL_RATE
    )


def own_sound(part: Excerpt, sample_rate: int) -> NDArray[np.float32]:
    """The excerpt's own sound, mono (N,), as long as its picture; silence where there is none."""
    sound = read_audio(
        part.source.path, sample_rate, channels=1, start=part.start, duration=part.duration
    )
    count = sample_count(part.duration, sample_rate)
    heard = sound.samples[0, :count]
    return np.pad(heard, (0, count - len(heard)))


def frames(part: Excerpt, rate: Fraction, short_side: int) -> NDArray[np.uint8]:
    """The excerpt's picture, (T, H, W, 3) in RGB, ``rate`` times a second."""
    count = max(1, int(part.duration * rate))
    moments = [part.start + Fraction(2 * n + 1, 2) / rate for n in range(count)]
    with open_video(part.source) as reader:
        return reader.frames(moments, short_side)
