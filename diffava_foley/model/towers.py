"""CLAP as transformers has it: a tower that reads captions and a tower that hears sounds.

Both end in one space, where a caption and its sound point the same way (Wu et al.,
arXiv 2211.06687).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import (
    AutoTokenizer,
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextModelWithProjection,
    PreTrainedTokenizerBase,
)

from diffava_foley.errors import CheckpointMismatch, WeightsError

from . import parts, stretches

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TransformersClap:
    """Both towers, loaded, with what prepares captions and sounds for them."""

    id: str
    """Name of the CLAP; vectors of different ones cannot be compared."""
    text_encoder: ClapTextModelWithProjection
    tokenizer: PreTrainedTokenizerBase
    audio_encoder: ClapAudioModelWithProjection
    feature_extractor: ClapFeatureExtractor

    def __post_init__(self) -> None:
        said = self.text_encoder.config.projection_dim
        heard = self.audio_encoder.config.projection_dim
        if said != heard:
            raise CheckpointMismatch(
                f"parts of {self.id} are not of one CLAP, their widths differ: text encoder {said},"
                f" audio encoder {heard}"
            )

    @property
    def width(self) -> int:
        """Width of the space, D."""
        return int(self.text_encoder.config.projection_dim)

    @property
    def sample_rate(self) -> int:
        """The rate at which sounds are heard; others are resampled."""
        return int(self.feature_extractor.sampling_rate)

    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """The captions' embeddings, of unit length: (B, D)."""
        return embed_text(self.text_encoder, self.tokenizer, captions)

    def embed_audio(self, waves: Tensor, sample_rate: int) -> Tensor:
        """The sounds' embeddings, of unit length: (B, N) samples -> (B, D)."""
        return embed_audio(self.audio_encoder, self.feature_extractor, waves, sample_rate)


@torch.no_grad()
def embed_text(
    encoder: ClapTextModelWithProjection,
    tokenizer: PreTrainedTokenizerBase,
    captions: Sequence[str],
) -> Tensor:
    """The captions' embeddings, of unit length: (B, D)."""
    config = encoder.config
    padding = config.pad_token_id or 0  # positions count from there, as RoBERTa's do
    longest = config.max_position_embeddings - padding - 1
    longest = min(longest, tokenizer.model_max_length)
    warn_of_long(tokenizer, captions, longest)
    tokens = tokenizer(
        list(captions), padding=True, truncation=True, max_length=longest, return_tensors="pt"
    )
    embedded = encoder(
        input_ids=tokens.input_ids.to(encoder.device),
        attention_mask=tokens.attention_mask.to(encoder.device),
    ).text_embeds  # (B, D)
    return F.normalize(embedded, dim=-1)


@torch.no_grad()
def embed_audio(
    encoder: ClapAudioModelWithProjection,
    extractor: ClapFeatureExtractor,
    waves: Tensor,
    sample_rate: int,
) -> Tensor:
    """The sounds' embeddings, of unit length: (B, N) samples -> (B, D).

    A sound longer than CLAP hears at once is the mean of its stretches.
    """
    rate = extractor.sampling_rate

    def hear(pieces: Tensor) -> Tensor:
        """(S, N) -> (S, D), not of unit length."""
        features = extractor(list(pieces.numpy()), sampling_rate=rate, return_tensors="pt")
        embedded: Tensor = encoder(
            input_features=features.input_features.to(encoder.device, torch.float32),
            # The extractor of a fused CLAP calls one piece of a batch longer, by chance; none is.
            is_longer=torch.zeros(len(pieces), 1, dtype=torch.bool, device=encoder.device),
        ).audio_embeds
        return embedded

    return stretches.embed(hear, waves, sample_rate, rate, extractor.nb_max_samples)


def warn_of_long(tokenizer: PreTrainedTokenizerBase, captions: Sequence[str], longest: int) -> None:
    """Log each caption of more tokens than the model reads."""
    for caption in captions:
        if len(tokenizer(caption).input_ids) > longest:
            log.warning("caption is longer than the model reads, its end is lost: %s", caption)


def read_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer in a folder, which runs no code of its own."""
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError) as error:
        reason = parts.first_line(error)
        raise WeightsError(f"{folder} cannot be read, get it again: {reason}") from error
    return tokenizer


def read_extractor(audio_encoder: Path) -> ClapFeatureExtractor:
    """The one beside the encoder, in diffusers' layout, or in its folder, as the hub has it."""
    beside = audio_encoder.parent / "feature_extractor"
    folder = beside if beside.is_dir() else audio_encoder
    try:
        extractor: ClapFeatureExtractor = ClapFeatureExtractor.from_pretrained(
            folder, local_files_only=True
        )
    except (OSError, ValueError) as error:
        raise WeightsError(f"no feature extractor in {folder}, get it again: {error}") from error
    return extractor
