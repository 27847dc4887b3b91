"""What the eye makes of pictures, in many places over many backgrounds."""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from diffava_foley.model import efficientnet
from diffava_foley.model.efficientnet import EfficientNetLite0

SIDE = efficientnet.SHORT_SIDE
BATCH = 24
SIZES = (0.35, 0.95)  # of the frame's side
TURN = 12.0  # degrees to either side


def compose(cutout: Image.Image, random: np.random.Generator) -> Image.Image:
    """The cut-out somewhere over a background, at some size, perhaps mirrored and turned."""
    frame = background(random)
    if random.random() < 0.5:
        cutout = cutout.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle = random.uniform(-TURN, TURN)
    cutout = cutout.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    scale = SIDE * random.uniform(*SIZES) / max(cutout.size)
    size = (max(int(cutout.width * scale), 1), max(int(cutout.height * scale), 1))
    cutout = cutout.resize(size)
    place = tuple(int(random.integers(SIDE - extent + 1)) for extent in size)
    frame.paste(cutout, (place[0], place[1]), cutout)
    return frame


def background(random: np.random.Generator) -> Image.Image:
    """Soft colours, or coarse and fine noise over them."""
    frame = _enlarged(random.integers(0, 256, (*random.integers(1, 5, 2), 3)))
    if random.random() < 0.5:
        return frame
    cells = int(2 ** random.uniform(3, 7))
    grain = _enlarged(random.integers(0, 256, (cells, cells, 1)).repeat(3, axis=2))
    return Image.blend(frame, grain, random.uniform(0.1, 0.5))


@torch.no_grad()
def see(eye: EfficientNetLite0, frames: Iterable[Image.Image]) -> Tensor:
    """(N, 1280)."""
    rest = iter(frames)
    return torch.cat([_see(eye, some) for some in iter(lambda: list(islice(rest, BATCH)), [])])


def _see(eye: EfficientNetLite0, frames: Sequence[Image.Image]) -> Tensor:
    pixels: NDArray[np.float32] = np.stack([np.asarray(frame, np.float32) for frame in frames])
    scaled = (torch.from_numpy(pixels) - efficientnet.MEAN) / efficientnet.STD
    seen: Tensor = eye(scaled.movedim(-1, 1))
    return seen


def _enlarged(few: NDArray[np.int64]) -> Image.Image:
    return Image.fromarray(few.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
