"""When a picture moves most: local maxima of the mean length of Farneback's optical flow."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import EvaluationError

from .arrays import Floats

PYRAMID, LEVELS, WINDOW, ITERATIONS, POLY_N, POLY_SIGMA = 0.5, 3, 15, 3, 5, 1.2  # TempoTokens'
RISE = 1e-6
"""Pixels. TempoTokens has none, and finds peaks in a still picture where sums are rounded."""


def motion_seconds(frames: Iterable[NDArray[np.uint8]], rate: Fraction) -> Floats:
    """The seconds (V,) at which motion peaks in frames (H, W, 3) RGB, ``rate`` in a second."""
    return motion_peaks(motion(frames)) / float(rate)


def motion(frames: Iterable[NDArray[np.uint8]]) -> Floats:
    """The mean optical flow into each frame, in pixels: (T,) for T frames (H, W, 3) RGB.

    The first frame has the value of the second, as TempoTokens has it.
    """
    try:
        import cv2
    except ImportError as error:
        raise EvaluationError(
            "optical flow needs OpenCV: pip install 'diffava-foley[evaluation]'"
        ) from error
    grey = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames)
    lengths = []
    for before, after in pairwise(grey):
        start = np.zeros((*before.shape, 2), np.float32)  # not looked at, without its flag
        flow = cv2.calcOpticalFlowFarneback(
            before, after, start, PYRAMID, LEVELS, WINDOW, ITERATIONS, POLY_N, POLY_SIGMA, 0
        )  # (H, W, 2)
        lengths.append(float(cv2.mean(cv2.magnitude(flow[..., 0], flow[..., 1]))[0]))
    return np.array([*lengths[:1], *lengths])


def motion_peaks(values: Floats) -> NDArray[np.int64]:
    """The places (V,) of values (T,) that exceed both neighbours, by more than rounding does."""
    inner = values[1:-1]
    return np.flatnonzero((inner > values[:-2] + RISE) & (inner > values[2:] + RISE)) + 1
