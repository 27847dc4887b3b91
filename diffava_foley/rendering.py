"""How sounds are asked for: the picture, the words, the model's choices, the form of delivery."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from diffava_foley.errors import CaptionError, FoleyError, MediaError
from diffava_foley.media.sources import Source
from diffava_foley.model.settings import Settings

DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = ("auto", "float32", "float16", "bfloat16")
CHANNELS = (1, 2)
BITS = (16, 24, 32)
SAMPLE_RATES = range(8_000, 192_001)
SUFFIXES = (".wav", ".flac")


@dataclass(frozen=True)
class Picture:
    """A stretch of moving picture that gets a sound."""

    source: Source
    duration: Fraction
    """seconds"""
    media_moments: Callable[[Sequence[Fraction]], tuple[Fraction, ...]]
    """seconds from the stretch's start to seconds from the media's first frame"""


@dataclass(frozen=True)
class Request:
    """A picture and the words for its sound."""

    picture: Picture
    caption: str

    def __post_init__(self) -> None:
        """Refuses what has no sound."""
        if not self.caption.strip():
            raise CaptionError("the caption is empty; say in a few words what is to be heard")
        if self.picture.duration <= 0:
            raise MediaError("the shot has no length; give it at least one frame")


@dataclass(frozen=True)
class RenderOptions:
    """What to make and how to deliver it."""

    takes: int = 1
    """sounds for each picture, with the seeds ``seed``, ``seed + 1`` and so on"""
    seed: int = 0
    settings: Settings = field(default_factory=Settings)
    weights: str = "embedded"
    alignment: Path | None = None
    video_encoder: str | None = None
    audio_encoder: str | None = None
    device: str = "auto"
    precision: str = "auto"
    offline: bool = False
    sample_rate: int = 48_000
    channels: Literal[1, 2] = 1
    bits: Literal[16, 24, 32] = 24
    suffix: str = ".wav"

    def __post_init__(self) -> None:
        """Refuses what no model and no file format could do."""
        _require(1 <= self.takes <= 64, f"takes must be from 1 to 64, not {self.takes}")
        _require(0 <= self.seed < 2**63 - 64, f"the seed must be zero or more, not {self.seed}")
        _require(self.sample_rate in SAMPLE_RATES, "the sample rate is from 8000 to 192000")
        _require(self.channels in CHANNELS, "channels are 1 or 2")
        _require(self.bits in BITS, "bits are 16, 24 or 32")
        _require(self.suffix in SUFFIXES, f"sounds are written as .wav or .flac, not {self.suffix}")


def _require(fulfilled: bool, otherwise: str) -> None:
    if not fulfilled:
        raise FoleyError(f"{otherwise}; see --help")
