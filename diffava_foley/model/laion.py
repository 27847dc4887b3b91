"""CLAP as LAION published it: their checkpoints (``.pt``) in their own package's model.

The package is an extra, imported only when such a file is opened; see docs/clap.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import ClapFeatureExtractor, PreTrainedTokenizerBase

from diffava_foley.errors import WeightsError

from . import hub, laion_package, parts, pickled, stretches
from .towers import read_tokenizer, warn_of_long

SUFFIX = ".pt"
LONGEST_CAPTION = 77  # tokens, as LAION trained
ROBERTA = "FacebookAI/roberta-base@e2da8e2f811d1448a5b465c236feacd80ffbac7b"
TOKENIZER_FILES = ("tokenizer.json", "vocab.json", "merges.txt", "config.json")

SIZES = {96: "tiny", 128: "base", 256: "large"}  # HTSAT's, by the width of its patches
PATCHES = "audio_branch.patch_embed.proj.weight"
FUSION = "audio_branch.patch_embed.mel_conv2d.weight"
WORDS = "text_branch.embeddings.word_embeddings.weight"
ROBERTAS_WORDS = 50_265
COUNTED = "text_branch.embeddings.position_ids"  # of older transformers; newer ones count


@dataclass(frozen=True)
class LaionClap:
    """LAION's model, loaded, with RoBERTa's tokenizer."""

    id: str
    """Name of the checkpoint."""
    model: Any
    """Their ``CLAP``, frozen, on its device."""
    tokenizer: PreTrainedTokenizerBase

    @property
    def width(self) -> int:
        """Width of the space, D."""
        return int(self.model.joint_embed_shape)

    @property
    def sample_rate(self) -> int:
        """The rate at which sounds are heard; others are resampled."""
        return int(self.model.audio_cfg.sample_rate)

    @torch.no_grad()
    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """The captions' embeddings, of unit length: (B, D)."""
        warn_of_long(self.tokenizer, captions, LONGEST_CAPTION)
        tokens = self.tokenizer(
            list(captions),
            padding=True,
            truncation=True,
            max_length=LONGEST_CAPTION,
            return_tensors="pt",
        )
        embedded: Tensor = self.model.get_text_embedding(
            {"input_ids": tokens.input_ids, "attention_mask": tokens.attention_mask}
        )
        return embedded

    @torch.no_grad()
    def embed_audio(self, waves: Tensor, sample_rate: int) -> Tensor:
        """The sounds' embeddings, of unit length: (B, N) samples -> (B, D).

        A sound longer than CLAP hears at once is the mean of its stretches; LAION's package
        would hear a stretch of it chosen by chance, or, fused, three.
        """
        at_once = int(self.model.audio_cfg.clip_samples)
        return stretches.embed(self._hear, waves, sample_rate, self.sample_rate, at_once)

    def _hear(self, pieces: Tensor) -> Tensor:
        """(S, N) -> (S, D)."""
        if self.model.enable_fusion:
            name, heard = "mel_fusion", self._four_mels(pieces)  # (S, 4, frames, bins)
        else:
            name, heard = "waveform", _repeat(pieces, int(self.model.audio_cfg.clip_samples))
        longer = torch.tensor([False])
        embedded: Tensor = self.model.get_audio_embedding(
            [{name: piece, "longer": longer} for piece in heard]
        )
        return embedded

    def _four_mels(self, pieces: Tensor) -> Tensor:
        """What a fused model hears: its package reads it with torchaudio, transformers alike."""
        config = self.model.audio_cfg
        extractor = ClapFeatureExtractor(
            feature_size=config.mel_bins,
            sampling_rate=config.sample_rate,
            hop_length=config.hop_size,
            max_length_s=config.clip_samples // config.sample_rate,
            fft_window_size=config.window_size,
            frequency_min=config.fmin,
            frequency_max=config.fmax,
            truncation="fusion",
        )
        features = extractor(
            list(pieces.numpy()), sampling_rate=config.sample_rate, return_tensors="pt"
        )
        mels: Tensor = features.input_features.float()
        return mels


def open_laion(path: Path, *, offline: bool, device: torch.device) -> LaionClap:
    """The CLAP in one of LAION's checkpoints, with an HTSAT to hear and a RoBERTa to read."""
    tensors = _named_plainly(pickled.read_tensors(path, "state_dict"))
    size = SIZES.get(len(tensors.get(PATCHES, ())))
    if size is None or len(tensors.get(WORDS, ())) != ROBERTAS_WORDS:
        raise WeightsError(
            f"{path} is no CLAP with an HTSAT and a RoBERTa, which are the ones read here: choose"
            " another of LAION's, such as 630k-audioset-best.pt"
        )
    model = laion_package.build(size, fused=FUSION in tensors)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        raise WeightsError(f"{path} cannot be read, get it again: {reason}") from error
    frozen = model.to(device).eval().requires_grad_(False)
    return LaionClap(path.stem, frozen, _tokenizer(path, offline))


def _named_plainly(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without the prefix of training on many GPUs, and without what is counted anew."""
    plain = {name.removeprefix("module."): tensor for name, tensor in tensors.items()}
    return {name: tensor for name, tensor in plain.items() if name != COUNTED}


def _repeat(pieces: Tensor, length: int) -> Tensor:
    """(S, N) -> (S, length): said again while it fits whole, then silence, as LAION trained."""
    times = length // pieces.shape[1]
    repeated = pieces.repeat(1, times)
    return torch.nn.functional.pad(repeated, (0, length - repeated.shape[1]))


def _tokenizer(checkpoint: Path, offline: bool) -> PreTrainedTokenizerBase:
    """RoBERTa's: the one beside the checkpoint, else the hub's, four small files."""
    for folder in (checkpoint.parent / "tokenizer", checkpoint.parent):
        if any((folder / name).is_file() for name in TOKENIZER_FILES[:2]):
            return read_tokenizer(folder)
    try:
        found = hub.fetch(ROBERTA, wanted=TOKENIZER_FILES, offline=offline)
    except WeightsError as error:
        raise WeightsError(
            f"{checkpoint} needs RoBERTa's tokenizer: put roberta-base's tokenizer.json beside it,"
            f" or let it be fetched once: {parts.first_line(error)}"
        ) from error
    return read_tokenizer(found.folder)
