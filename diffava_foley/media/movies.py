"""Drawn frames as a movie file."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

CODEC, PIXELS = "libx264", "yuv420p"
OPTIONS = {"crf": "20", "x264-params": "log-level=none"}


def write_movie(
    path: Path, frames: Iterable[NDArray[np.uint8]], rate: Fraction, size: tuple[int, int]
) -> Path:
    """``path``, now a silent H.264 movie of RGB frames (H, W, 3); ``size`` is (width, height).

    Width and height must be even. Frames are taken one at a time, at a constant rate.
    """
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(CODEC, rate=rate, options=OPTIONS))
        stream.width, stream.height = size
        stream.pix_fmt = PIXELS
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
