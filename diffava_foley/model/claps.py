"""CLAP from either house behind one interface: transformers' towers, or LAION's checkpoints."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from transformers import (
    ClapAudioConfig,
    ClapAudioModelWithProjection,
    ClapConfig,
    ClapTextModelWithProjection,
)

from diffava_foley.errors import WeightsError

from . import devices, hub, laion, parts, weights
from .towers import TransformersClap, read_extractor, read_tokenizer

PARTS = ("text_encoder", "tokenizer", "audio_encoder", "feature_extractor")
CONFIG = "config.json"
WHOLE, AUDIO_TOWER = ClapConfig.model_type, ClapAudioConfig.model_type


class Clap(Protocol):
    """What brings captions and sounds into one space, where likeness is a cosine."""

    @property
    def id(self) -> str:
        """Name of the CLAP; vectors of different ones cannot be compared."""
        ...

    @property
    def width(self) -> int:
        """Width of the space, D."""
        ...

    @property
    def sample_rate(self) -> int:
        """The rate at which sounds are heard; others are resampled."""
        ...

    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """The captions' embeddings, of unit length: (B, D)."""
        ...

    def embed_audio(self, waves: Tensor, sample_rate: int) -> Tensor:
        """The sounds' embeddings, of unit length: (B, N) samples -> (B, D)."""
        ...


def open_clap(spec: str, *, offline: bool = False, device: str = "auto") -> Clap:
    """The CLAP that ``spec`` names, frozen, on its device.

    "embedded"; a weights folder or hub id with both towers; a folder or hub id of transformers'
    ClapModel; or a ``.pt`` file of LAION's.
    """
    where, _ = devices.choose(device)
    if spec == weights.EMBEDDED:
        return _of_weights(weights.resolve(spec).folder, None, where)
    path = Path(spec).expanduser()
    if path.suffix == laion.SUFFIX:
        return laion.open_laion(path, offline=offline, device=where)
    if path.is_dir():
        folder = path.resolve()
        return _whole(folder, folder.name, where) or _of_weights(folder, None, where)
    if not hub.is_id(spec):
        raise WeightsError(
            f"no CLAP {spec!r}: give {weights.EMBEDDED!r}, a folder, a .pt file of LAION's, or a"
            " hub id such as laion/clap-htsat-unfused"
        )
    found = hub.fetch(spec, offline=offline)
    if whole := _whole(found.folder, found.repository, where):
        return whole
    found = hub.fetch(spec, PARTS, offline=offline)
    return _of_weights(found.folder, found.repository, where)


def lone_tower(spec: str, *, offline: bool = False) -> Path | None:
    """The folder of an audio tower that has no text tower with it; None for any other CLAP."""
    folder = Path(spec).expanduser()
    if not folder.is_dir():
        if folder.suffix == laion.SUFFIX or not hub.is_id(spec):
            return None
        folder = hub.fetch(spec, offline=offline).folder
    return folder if _kind(folder) == AUDIO_TOWER else None


def _whole(folder: Path, name: str, device: torch.device) -> TransformersClap | None:
    """The ClapModel in a folder, both towers; None if that is not what the folder has."""
    if _kind(folder) != WHOLE:
        return None
    return TransformersClap(
        id=name,
        text_encoder=parts.read(ClapTextModelWithProjection, folder, device),
        tokenizer=read_tokenizer(folder),
        audio_encoder=parts.read(ClapAudioModelWithProjection, folder, device),
        feature_extractor=read_extractor(folder),
    )


def _of_weights(folder: Path, name: str | None, device: torch.device) -> TransformersClap:
    """The CLAP among the parts of an AudioLDM in diffusers' layout."""
    for part in ("text_encoder", "audio_encoder"):
        if not (folder / part).is_dir():
            raise WeightsError(
                f"{folder} has no {part}, so it cannot tell how alike captions and sounds are:"
                " choose a CLAP of two towers, such as laion/clap-htsat-unfused"
            )
    return TransformersClap(
        id=weights.clap_of(folder, name),
        text_encoder=parts.read(ClapTextModelWithProjection, folder / "text_encoder", device),
        tokenizer=read_tokenizer(folder / "tokenizer"),
        audio_encoder=parts.read(ClapAudioModelWithProjection, folder / "audio_encoder", device),
        feature_extractor=read_extractor(folder / "audio_encoder"),
    )


def _kind(folder: Path) -> str | None:
    """What a folder's configuration says it is."""
    try:
        return str(json.loads((folder / CONFIG).read_text("utf-8"))["model_type"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
