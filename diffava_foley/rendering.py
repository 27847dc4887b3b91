"""How sounds are asked for: the picture, the words, the model's choices, the form of delivery."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path

from diffava_foley.errors import CaptionError, FoleyError, MediaError
from diffava_foley.media.forms import Bits, Channels, Form
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
class Handles:
    """How much longer than its picture a sound is to be, before and after."""

    amount: Fraction = Fraction(0)
    in_frames: bool = False
    """or else in seconds"""

    def frames(self, rate: Fraction) -> int:
        """The handles in whole frames of a timeline, no shorter than asked for."""
        return ceil(self.amount if self.in_frames else self.amount * rate)


@dataclass(frozen=True)
class Slate:
    """What a sound file says of itself; all times in seconds."""

    moment: Fraction = Fraction(0)
    """when its first sample is heard, by the timecode, since midnight"""
    head: Fraction = Fraction(0)
    """how much of it comes before its shot"""
    tail: Fraction = Fraction(0)
    """how much of it comes after its shot"""
    names: tuple[str, ...] = ()
    """what the file of each take is called; by its caption and key if empty"""


@dataclass(frozen=True)
class Request:
    """A picture and the words for its sound."""

    picture: Picture
    """with its handles"""
    caption: str
    slate: Slate = field(default_factory=Slate)

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
    channels: Channels = 1
    bits: Bits = 24
    suffix: str = ".wav"
    loudness: float | None = None
    """LUFS that every sound is brought to; None leaves the level as it is"""
    true_peak: float = -1.0
    """dBTP that no sound rises above"""
    handles: Handles = field(default_factory=Handles)

    def __post_init__(self) -> None:
        """Refuses what no model and no file format could do."""
        _require(1 <= self.takes <= 64, f"takes must be from 1 to 64, not {self.takes}")
        _require(0 <= self.seed < 2**63 - 64, f"the seed must be zero or more, not {self.seed}")
        _require(self.sample_rate in SAMPLE_RATES, "the sample rate is from 8000 to 192000")
        _require(self.channels in CHANNELS, "channels are 1 or 2")
        _require(self.bits in BITS, "bits are 16, 24 or 32")
        _require(self.suffix in SUFFIXES, f"sounds are written as .wav or .flac, not {self.suffix}")
        loudness, peak = self.loudness, self.true_peak
        _require(loudness is None or -70 < loudness <= 0, "loudness is from -70 to 0 LUFS")
        _require(-40 <= peak <= 0, "the true peak is from -40 to 0 dBTP")
        _require(self.handles.amount >= 0, "handles are never below zero")

    @property
    def form(self) -> Form:
        """What the delivered sounds are like."""
        return Form(
            self.sample_rate, self.channels, self.bits, self.suffix, self.loudness, self.true_peak
        )


def _require(fulfilled: bool, otherwise: str) -> None:
    if not fulfilled:
        raise FoleyError(f"{otherwise}; see --help")
