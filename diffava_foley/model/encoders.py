"""Into CLAP's space: captions and sounds as vectors of unit length."""

import logging
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from diffava_foley.errors import WeightsError
from diffava_foley.media.audio import resample
from diffava_foley.media.windows import nearest

from .models import Models

log = logging.getLogger(__name__)


@torch.no_grad()
def embed_text(models: Models, captions: Sequence[str]) -> Tensor:
    """The captions' embeddings, of unit length: (B, D)."""
    config = models.text_encoder.config
    padding = config.pad_token_id or 0  # positions count from there, as RoBERTa's do
    longest = config.max_position_embeddings - padding - 1
    longest = min(longest, models.tokenizer.model_max_length)
    for caption in captions:
        if len(models.tokenizer(caption).input_ids) > longest:
            log.warning("caption is longer than the model reads, its end is lost: %s", caption)
    tokens = models.tokenizer(
        list(captions), padding=True, truncation=True, max_length=longest, return_tensors="pt"
    )
    embedded = models.text_encoder(
        input_ids=tokens.input_ids.to(models.device),
        attention_mask=tokens.attention_mask.to(models.device),
    ).text_embeds  # (B, D)
    return F.normalize(embedded, dim=-1)


@torch.no_grad()
def embed_audio(models: Models, waves: NDArray[np.float32], sample_rate: int) -> Tensor:
    """The sounds' embeddings, of unit length: (B, N) samples -> (B, D).

    A sound longer than CLAP hears at once is the mean of its stretches.
    """
    if models.audio_encoder is None or models.feature_extractor is None:
        raise WeightsError(
            f"weights {models.weights.id} have no audio encoder to listen with: give one, or make"
            " a single take"
        )
    return torch.stack([_embed_wave(models, wave, sample_rate) for wave in waves])


@torch.no_grad()
def embed_video(
    models: Models, windows: Iterable[NDArray[np.uint8] | None]
) -> tuple[Tensor, Tensor]:
    """What each second shows, (1, T, V), and whether it was seen at all, (1, T).

    Windows (F, H, W, 3) are taken one by one, so that a long shot is never in memory whole.
    """
    if models.video_encoder is None:
        raise WeightsError(f"weights {models.weights.id} have no video encoder: give one")
    unseen = torch.zeros(1, models.video_encoder.width, device=models.device)
    seen, mask = [], []
    for frames in windows:
        seen.append(unseen if frames is None else models.video_encoder(frames[None]))
        mask.append(frames is not None)
    video = torch.cat(seen)[None] if seen else unseen[None, :0]
    return video, torch.tensor(mask, dtype=torch.bool, device=models.device)[None]


def _embed_wave(models: Models, wave: NDArray[np.float32], sample_rate: int) -> Tensor:
    assert models.audio_encoder is not None
    extractor = models.feature_extractor
    assert extractor is not None
    rate = extractor.sampling_rate
    length = nearest(Fraction(len(wave) * rate, sample_rate))
    heard = resample(wave[None], sample_rate, rate, length)[0]
    at_once = extractor.nb_max_samples
    vectors = []
    for start in range(0, len(heard), at_once):
        # The extractor would take a random stretch of what is longer.
        features = extractor(
            heard[start : start + at_once], sampling_rate=rate, return_tensors="pt"
        )
        embedded = models.audio_encoder(
            input_features=features.input_features.to(models.device, torch.float32),
            is_longer=features.is_longer.to(models.device),
        ).audio_embeds  # (1, D)
        vectors.append(F.normalize(embedded[0], dim=-1))
    return F.normalize(torch.stack(vectors).mean(dim=0), dim=-1)
