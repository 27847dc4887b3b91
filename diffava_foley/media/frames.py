"""A decoded picture as an array: upright, with square pixels, at the size asked for."""

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from diffava_foley.media.windows import nearest

UNSPECIFIED_COLORSPACE = 2
HIGH_DEFINITION_LINES = 720
PRECISE = Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


@dataclass(frozen=True)
class Shape:
    """How a stream's frames are to be shown."""

    width: int
    """Pixels across, upright, square."""
    height: int
    """Pixels down, upright, square."""
    rotation: int
    """Degrees to turn a decoded frame clockwise: 0, 90, 180 or 270."""

    def scaled(self, short_side: int) -> "Shape":
        """The same picture with its short side of so many pixels."""
        factor = Fraction(short_side, min(self.width, self.height))
        width, height = (max(1, nearest(side * factor)) for side in (self.width, self.height))
        return Shape(width, height, self.rotation)


def shape_of(frame: av.VideoFrame, pixel_aspect: Fraction | None = None) -> Shape:
    """The shape in which a decoded frame is to be shown."""
    rotation = -90 * round(frame.rotation / 90) % 360
    width = max(1, nearest(frame.width * (pixel_aspect or Fraction(1))))
    if rotation in (90, 270):
        return Shape(frame.height, width, rotation)
    return Shape(width, frame.height, rotation)


class Scaler:
    """Turns decoded frames into upright arrays; keeps its tables from frame to frame."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame, shape: Shape) -> NDArray[np.uint8]:
        """The picture (H, W, 3) in RGB, in the given shape, shrunk without aliasing."""
        sideways = shape.rotation in (90, 270)
        width, height = (shape.height, shape.width) if sideways else (shape.width, shape.height)
        shrinks = width < frame.width and height < frame.height
        flags = PRECISE | (Interpolation.AREA if shrinks else Interpolation.BICUBIC)
        picture = self._reformatter.reformat(
            frame,
            width,
            height,
            "rgb24",
            src_colorspace=_colorspace(frame),
            src_color_range=frame.color_range,
            interpolation=flags,
        )
        upright = np.rot90(picture.to_ndarray(), k=-shape.rotation // 90)
        return np.ascontiguousarray(upright, dtype=np.uint8)


def _colorspace(frame: av.VideoFrame) -> int | None:
    """What players assume of a high-definition picture that does not say how its colours are."""
    if frame.colorspace == UNSPECIFIED_COLORSPACE and frame.height >= HIGH_DEFINITION_LINES:
        return Colorspace.ITU709
    return None
