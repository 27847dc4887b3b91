"""The parts of one set of weights, loaded: frozen, checked against each other, on their device."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers import (
    ClapAudioModelWithProjection,
    ClapTextModelWithProjection,
    PreTrainedTokenizerBase,
    SpeechT5HifiGan,
)

from diffava_foley.errors import CheckpointMismatch, WeightsError

from . import devices, hub, parts
from .alignment import VisualAlignment, load_alignment
from .autoencoders import Autoencoder, read_autoencoder
from .claps import Clap, lone_tower, open_clap
from .geometry import Geometry, measure
from .towers import TransformersClap, read_extractor, read_tokenizer
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
    ear: Clap | None = None
    """What hears how much of a caption is in a sound."""
    video_encoder: VideoEncoder | None = None
    alignment: VisualAlignment | None = None

    @property
    def window_latents(self) -> int:
        """Latents along time that the model works on at once."""
        seconds = Fraction(self.weights.window_seconds).limit_denominator(1000)
        return self.geometry.length(seconds)


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

    ``video_encoder`` and ``audio_encoder`` (folders or hub ids, or anything that
    :func:`claps.open_clap` takes) and ``alignment`` (a folder) stand in for the folder's own.
    """
    where, dtype = devices.choose(device, precision)
    folder = weights.folder
    unet = parts.read(UNet2DConditionModel, folder / "unet", where, dtype)
    vae = read_autoencoder(folder / "vae", where)
    vocoder = parts.read(SpeechT5HifiGan, folder / "vocoder", where)
    seen = open_eye(weights, video_encoder, where, offline)
    text_encoder = parts.read(ClapTextModelWithProjection, folder / "text_encoder", where)
    tokenizer = read_tokenizer(folder / "tokenizer")
    models = Models(
        weights=weights,
        unet=unet,
        vae=vae,
        vocoder=vocoder,
        scheduler_config=_scheduler_config(folder / "scheduler"),
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        geometry=measure(unet, vae, vocoder),
        device=where,
        dtype=dtype,
        ear=open_ear(weights, audio_encoder, text_encoder, tokenizer, where, offline),
        video_encoder=seen,
        alignment=_alignment(weights, alignment, seen, where),
    )
    _check_widths(models)
    return models


def _scheduler_config(folder: Path) -> dict[str, Any]:
    path = folder / "scheduler_config.json"
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"{path} cannot be read, get it again: {error}") from error


def open_eye(
    weights: Weights, spec: str | None, device: torch.device, offline: bool
) -> VideoEncoder | None:
    """What looks at the picture: what was asked for, else the weights' own, if any."""
    folder = _optional(weights.folder / "video_encoder", spec, offline)
    return load_video_encoder(folder, device) if folder else None


def open_ear(
    weights: Weights,
    spec: str | None,
    text_encoder: ClapTextModelWithProjection,
    tokenizer: PreTrainedTokenizerBase,
    device: torch.device,
    offline: bool,
) -> Clap | None:
    """The CLAP that listens: a whole one reads captions itself, a lone tower has the weights'."""
    tower = weights.folder / "audio_encoder"
    if spec is None and not tower.is_dir():
        return None
    if spec is not None:
        lone = lone_tower(spec, offline=offline)
        if lone is None:
            return open_clap(spec, offline=offline, device=device.type)
        tower = lone
    return TransformersClap(
        id=weights.clap,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        audio_encoder=parts.read(ClapAudioModelWithProjection, tower, device),
        feature_extractor=read_extractor(tower),
    )


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
    if models.alignment is not None:
        widths["alignment"] = models.alignment.config.text_width
    if len(set(widths.values())) > 1:
        listed = ", ".join(f"{name} {width}" for name, width in widths.items())
        raise CheckpointMismatch(
            f"parts of {models.weights.id} are not of one CLAP, their widths differ: {listed}"
        )
