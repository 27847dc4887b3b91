"""What a delivered sound is like, and how loud it became."""

from dataclasses import dataclass
from typing import Literal

Bits = Literal[16, 24, 32]
Channels = Literal[1, 2]


@dataclass(frozen=True)
class Form:
    """What a delivered sound is like."""

    sample_rate: int = 48_000
    channels: Channels = 1
    bits: Bits = 24
    suffix: str = ".wav"
    loudness: float | None = None
    """LUFS, integrated; None leaves the level as it is"""
    true_peak: float = -1.0
    """dBTP that no sound rises above"""


@dataclass(frozen=True)
class Level:
    """How loud a delivered sound is."""

    gain: float
    """dB that it was raised by, or lowered if below zero"""
    loudness: float | None
    """LUFS; None where there is nothing to measure"""
    true_peak: float | None
    """dBTP; None for silence"""
