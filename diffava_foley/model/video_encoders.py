"""The frozen eye: one vector for each second of picture.

X-CLIP (Ni et al., arXiv 2208.02816) looks at eight frames of a second together: its frames pass
messages to each other in every layer of the vision tower, whose 768-wide output, averaged over
the second, is what the paper's width suggests. EfficientNet-lite0 looks at each frame alone and
is small enough to come with this program.
"""

import json
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import XCLIPModel, XCLIPVisionConfig, XCLIPVisionModel

from diffava_foley.errors import WeightsError
from diffava_foley.media.windows import FRAMES_PER_WINDOW

from . import efficientnet, parts
from .efficientnet import EfficientNetLite0

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
XCLIP, LITE0 = "xclip", "efficientnet-lite0"
CONFIG, TENSORS = "config.json", "model.safetensors"


class VideoEncoder(Protocol):
    """What looks at the frames of a second."""

    frames_per_window: int
    """Frames that it wants of each second."""
    short_side: int
    """Height or width of the frames, whichever is less; it looks at the middle square."""
    width: int
    """Width of what it gives for a second."""
    pieces: int
    """Equal parts of a second's frames that it can also look at by themselves."""

    def __call__(self, frames: NDArray[np.uint8]) -> Tensor:
        """One vector a second: RGB frames (T, F, H, W, 3) -> (T, width), float32."""
        ...


class XClipVideoEncoder(nn.Module):
    """X-CLIP's vision tower, averaged over the frames of a second."""

    def __init__(self, tower: XCLIPVisionModel) -> None:
        super().__init__()
        self.tower = tower
        self.frames_per_window: int = tower.config.num_frames
        size = tower.config.image_size
        self.short_side = size if isinstance(size, int) else min(size)
        self.width: int = tower.config.hidden_size
        self.pieces = 1  # its frames speak with each other, all of them
        self.register_buffer("mean", torch.tensor(CLIP_MEAN), persistent=False)
        self.register_buffer("std", torch.tensor(CLIP_STD), persistent=False)

    @torch.no_grad()
    def forward(self, frames: NDArray[np.uint8]) -> Tensor:
        """(T, F, H, W, 3) -> (T, 768)."""
        T, F = frames.shape[:2]
        pixels = _middle_square(frames, self.short_side).to(self.get_buffer("mean").device)
        pixels = (pixels / 255 - self.get_buffer("mean")) / self.get_buffer("std")
        seen = self.tower(pixels.movedim(-1, 1)).pooler_output  # (T * F, width)
        averaged: Tensor = seen.view(T, F, -1).mean(dim=1)  # (T, width)
        return averaged


class Lite0VideoEncoder(nn.Module):
    """EfficientNet-lite0, averaged over the frames of a second."""

    width = efficientnet.WIDTH
    short_side = efficientnet.SHORT_SIDE

    def __init__(
        self, network: EfficientNetLite0, frames_per_window: int = FRAMES_PER_WINDOW
    ) -> None:
        super().__init__()
        self.network = network
        self.frames_per_window = frames_per_window
        self.pieces = 1 if frames_per_window % 2 else 2

    @torch.no_grad()
    def forward(self, frames: NDArray[np.uint8]) -> Tensor:
        """(T, F, H, W, 3) -> (T, 1280)."""
        T, F = frames.shape[:2]
        pixels = _middle_square(frames, self.short_side)
        pixels = pixels.to(next(self.network.parameters()).device)
        scaled = (pixels - efficientnet.MEAN) / efficientnet.STD
        seen: Tensor = self.network(scaled.movedim(-1, 1))  # (T * F, 1280)
        return seen.view(T, F, -1).mean(dim=1)  # (T, 1280)


def load_video_encoder(folder: Path, device: torch.device) -> XClipVideoEncoder | Lite0VideoEncoder:
    """The frozen video encoder in a folder, whose configuration says which one it is."""
    config = _read_config(folder)
    encoder: XClipVideoEncoder | Lite0VideoEncoder
    if config.get("architecture") == LITE0:
        frames = config.get("frames_per_window", FRAMES_PER_WINDOW)
        encoder = Lite0VideoEncoder(_read_lite0(folder), int(str(frames)))
    elif XCLIP in (config.get("architecture"), str(config.get("model_type"))[: len(XCLIP)]):
        encoder = XClipVideoEncoder(_read_tower(folder, device, config))
    else:
        raise WeightsError(
            f"{folder / CONFIG} names no video encoder that is known here: {XCLIP} or {LITE0}"
        )
    return encoder.to(device).eval().requires_grad_(False)


def _read_tower(folder: Path, device: torch.device, config: dict[str, object]) -> XCLIPVisionModel:
    if config.get("model_type") == XCLIPVisionConfig.model_type:
        tower: XCLIPVisionModel = parts.read(XCLIPVisionModel, folder, device)
    else:
        tower = parts.read(XCLIPModel, folder, device).vision_model
    return tower


def _read_lite0(folder: Path) -> EfficientNetLite0:
    network = EfficientNetLite0()
    try:
        network.load_state_dict(load_file(folder / TENSORS))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise WeightsError(
            f"{folder} cannot be read, get it again: {parts.first_line(error)}"
        ) from error
    return network.float()


def _read_config(folder: Path) -> dict[str, object]:
    try:
        return dict(json.loads((folder / CONFIG).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"no video encoder in {folder}, get it again: {error}") from error


def _middle_square(frames: NDArray[np.uint8], side: int) -> Tensor:
    """(T, F, H, W, 3) of any size from ``side`` up -> (T * F, side, side, 3), float32."""
    height, width = frames.shape[2:4]
    top, left = (height - side) // 2, (width - side) // 2
    square = frames[:, :, top : top + side, left : left + side]
    flat = square.reshape(-1, *square.shape[2:])
    return torch.from_numpy(np.ascontiguousarray(flat)).float()
