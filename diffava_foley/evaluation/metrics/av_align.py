"""AV-Align (TempoTokens, Yariv et al. 2023): do sounds begin when the picture moves?"""

import numpy as np
from numpy.typing import ArrayLike

NAME = "AV-Align, onsets and Farneback flow within a frame"


def av_align(onsets: ArrayLike, motion_peaks: ArrayLike, tolerance: float) -> float:
    """The intersection over union of onsets (A,) and motion peaks (V,), all in seconds, 0 to 1.

    An onset is a hit when a motion peak lies less than ``tolerance`` seconds from it (TempoTokens:
    one frame): hits / (A + V - hits). Two onsets may hit one peak, as they do there. Without any
    onset and any peak there is nothing to compare: NaN.
    """
    heard = np.asarray(onsets, np.float64).reshape(-1, 1)
    seen = np.asarray(motion_peaks, np.float64).reshape(1, -1)
    near = (seen - tolerance < heard) & (heard < seen + tolerance)  # (A, V)
    hits = int(near.any(axis=1).sum())
    union = heard.size + seen.size - hits
    return hits / union if union else float("nan")
