"""The parts of one set of weights, loaded: frozen, checked against each other, on their device."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers import (
    AutoTokenizer,
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextModelWithProjection,
    PreTrainedTokenizerBase,
    SpeechT5HifiGan,
)

from diffava_foley.errors import CheckpointMismatch, WeightsError

from . import devices, hub, parts
from .alignment import VisualAlignment, load_alignment
from .autoencoders import Autoencoder, read_autoencoder
from .geometry import Geometry, measure
from .video_encoders import VideoEncoder, load_video_encoder
from .weights import Weights


@dataclass(frozen=True)
class Models:
    """Everything that makes a sound from frames and words."""

    weights: Weights
    unet: UNet2DConditionModel
    vae: Autoencoder
    vocoder: SpeechT5HifiGan
    scheduler_config: dict[str, Any]
    text_encoder: ClapTextModelWithProjection
    tokenizer: PreTrainedTokenizerBase
    geometry: Geometry
    device: torch.device
    dtype: torch.dtype
    """Precision of the U-Net; the other parts compute in float32."""
    audio_encoder: ClapAudioModelWithProjection | None = None
    feature_extractor: ClapFeatureExtractor | None = None
    video_encoder: VideoEncoder | None = None
    alignment: VisualAlignment | None = None


def load(
    weights: Weights,
    *,
    device: str = "auto",
    precision: str = "auto",
    video_encoder: str | None = None,
    audio_encoder: str | None = None,
    alignment: Path | None = None,
    offline: bool = False,
) -> Models:
    """The models of these weights, with what their folder has of the optional parts.

    ``video_encoder`` and ``audio_encoder`` (folders or hub ids) and ``alignment`` (a folder)
    stand in for the folder's own.
    """
    where, dtype = devices.choose(device, precision)
    folder = weights.folder
    unet = parts.read(UNet2DConditionModel, folder / "unet", where, dtype)
    vae = read_autoencoder(folder / "vae", where)
    vocoder = parts.read(SpeechT5HifiGan, folder / "vocoder", where)
    eye = _optional(folder / "video_encoder", video_encoder, offline)
    seen = load_video_encoder(eye, where) if eye else None
    ear = _optional(folder / "audio_encoder", audio_encoder, offline)
    models = Models(
        weights=weights,
        unet=unet,
        vae=vae,
        vocoder=vocoder,
        scheduler_config=_scheduler_config(folder / "scheduler"),
        text_encoder=parts.read(ClapTextModelWithProjection, folder / "text_encoder", where),
        tokenizer=_tokenizer(folder / "tokenizer"),
        geometry=measure(unet, vae, vocoder),
        device=where,
        dtype=dtype,
        audio_encoder=parts.read(ClapAudioModelWithProjection, ear, where) if ear else None,
        feature_extractor=_feature_extractor(ear) if ear else None,
        video_encoder=seen,
        alignment=_alignment(weights, alignment, seen, where),
    )
    _check_widths(models)
    return models


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError) as error:
        reason = parts.first_line(error)
        raise WeightsError(f"{folder} cannot be read, get it again: {reason}") from error
    return tokenizer


def _scheduler_config(folder: Path) -> dict[str, Any]:
    path = folder / "scheduler_config.json"
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"{path} cannot be read, get it again: {error}") from error


def _feature_extractor(audio_encoder: Path) -> ClapFeatureExtractor:
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


def _optional(own: Path, spec: str | None, offline: bool) -> Path | None:
    """Where an optional part lies: what was asked for, else the weights' own, if any."""
    if spec is None:
        return own if own.is_dir() else None
    if Path(spec).is_dir():
        return Path(spec)
    if not hub.is_id(spec):
        raise WeightsError(f"no encoder {spec!r}: give a folder or a hub id")
    return hub.fetch(spec, offline=offline).folder


def _alignment(
    weights: Weights, folder: Path | None, eye: VideoEncoder | None, device: torch.device
) -> VisualAlignment | None:
    own = weights.folder / "alignment"
    if folder is None and not own.is_dir():
        return None
    module = load_alignment(folder or own, weights.id, weights.clap)
    if eye is None:
        raise WeightsError(
            f"alignment in {folder or own} needs a video encoder: give --video-encoder"
        )
    if eye.width != module.config.video_width:
        raise CheckpointMismatch(
            f"alignment in {folder or own} was trained for a video encoder"
            f" {module.config.video_width} wide, not {eye.width}: choose that encoder"
        )
    return module.to(device)


def _check_widths(models: Models) -> None:
    """One width for everything in CLAP's space."""
    widths = {
        "U-Net": models.unet.config["projection_class_embeddings_input_dim"],
        "text encoder": models.text_encoder.config.projection_dim,
    }
    if models.audio_encoder is not None:
        widths["audio encoder"] = models.audio_encoder.config.projection_dim
    if models.alignment is not None:
        widths["alignment"] = models.alignment.config.text_width
    if len(set(widths.values())) > 1:
        listed = ", ".join(f"{name} {width}" for name, width in widths.items())
        raise CheckpointMismatch(
            f"parts of {models.weights.id} are not of one CLAP, their widths differ: {listed}"
        )
