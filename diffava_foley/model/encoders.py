"""What the model is given: the caption in CLAP's space, and what each second shows."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from diffava_foley.errors import WeightsError

from . import towers
from .models import Models
from .video_encoders import VideoEncoder


def embed_text(models: Models, captions: Sequence[str]) -> Tensor:
    """The captions' embeddings, of unit length: (B, D)."""
    return towers.embed_text(models.text_encoder, models.tokenizer, captions)


@torch.no_grad()
def embed_video(
    models: Models, windows: Iterable[NDArray[np.uint8] | None], pieces: int = 1
) -> tuple[Tensor, Tensor]:
    """What each second shows, (1, T, V), and whether it was seen at all, (1, T).

    Windows (F, H, W, 3) are taken one by one, so that a long shot is never in memory whole. Each
    may be looked at in ``pieces``, up to the encoder's, one after the other: (1, T * pieces, V).
    """
    if models.video_encoder is None:
        raise WeightsError(f"weights {models.weights.id} have no video encoder: give one")
    unseen = torch.zeros(pieces, models.video_encoder.width, device=models.device)
    seen, mask = [], []
    for frames in windows:
        seen.append(unseen if frames is None else _look(models.video_encoder, frames, pieces))
        mask += [frames is not None] * pieces
    video = torch.cat(seen)[None] if seen else unseen[None, :0]
    return video, torch.tensor(mask, dtype=torch.bool, device=models.device)[None]


def _look(encoder: VideoEncoder, frames: NDArray[np.uint8], pieces: int) -> Tensor:
    """(F, H, W, 3) -> (pieces, V)."""
    return encoder(frames.reshape(pieces, -1, *frames.shape[1:]))
