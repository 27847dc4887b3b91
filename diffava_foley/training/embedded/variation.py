"""The same recording once more, of another size and in another room.

With a minute of a sound, the U-Net would learn its few recordings by heart. Whole bands are moved
and nothing is interpolated: a mel that is blurred no longer sounds like what it was.
"""

import numpy as np
from numpy.typing import NDArray

from . import clips, mel

SHIFT = 3  # mel bands, up or down
TILT = 0.5  # standard deviation from the lowest band to the highest, in natural log units


def vary(clip: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """The clip (T, N_MELS) with its bands moved and tilted; what is silent stays silent."""
    shift = int(random.integers(-SHIFT, SHIFT + 1))
    bands = np.clip(np.arange(mel.N_MELS) - shift, 0, mel.N_MELS - 1)
    slope = random.normal(0, TILT) / mel.STD * np.linspace(-0.5, 0.5, mel.N_MELS)
    moved = clip[:, bands]
    silence = np.float32(clips.SILENCE)
    tilted: NDArray[np.float32] = np.maximum(moved + slope.astype(np.float32), silence)
    return np.where(moved > silence, tilted, silence)


def together(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Two clips (T, N_MELS) at once, their powers added: two dogs, thicker rain."""
    powers = np.logaddexp(2 * mel.STD * one, 2 * mel.STD * other)
    added: NDArray[np.float32] = (powers / (2 * mel.STD)).astype(np.float32)
    return added
