"""Whether a sound may be delivered: there, not cut off at the top, and made of numbers."""

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS = -60.0
FULL_SCALE = 0.999
CLIPPED_SHARE = 1 / 1000  # of the samples; a single one at full scale is no harm


def fault(samples: NDArray[np.float32]) -> str | None:
    """What is wrong with the sound in a few words; None where nothing is."""
    if not samples.size:
        return "empty"
    if not np.isfinite(samples).all():
        return "not a number in places"
    magnitude = np.abs(samples)
    if magnitude.max() < 10 ** (SILENCE_DBFS / 20):
        return f"silent (below {SILENCE_DBFS:.0f} dBFS)"
    share = float((magnitude >= FULL_SCALE).mean())
    if share > CLIPPED_SHARE:
        return f"clipped ({share:.1%} of it at full scale)"
    return None
