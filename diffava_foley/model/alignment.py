"""The trainable part of DiffAVA: a caption's embedding, aligned with what is seen each second.

    video (B, T, V) -> temporal transformer -> dual residual with text -> (B, T, D), CLAP's space

AudioLDM was trained on unit-length CLAP embeddings, so what comes out has unit length too. What
the fusion adds passes a gate that starts at zero: an untrained module gives the caption's own
embedding to the last bit, which is plain AudioLDM, and so does a second without picture. With
the gate at one the result is the paper's fused embedding.

A configuration may leave one of the paper's parts out, to show what it is worth: ``variants``.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn import functional as F

from diffava_foley.errors import CheckpointMismatch, WeightsError
from diffava_foley.store import replacing

from . import variants
from .ablations import Average, MeanOfSeconds, SecondsApart, Unseen
from .presence import Presence
from .residual import DualResidual
from .temporal import TemporalTransformer

CONFIG, TENSORS = "config.json", "model.safetensors"


@dataclass(frozen=True)
class AlignmentConfig:
    """The shape of an alignment module and the models it belongs to."""

    video_width: int
    """Width of one second of the video encoder: 768 for X-CLIP's vision tower."""
    base: str
    """Id of the AudioLDM weights it was trained for."""
    clap: str
    """Id of the CLAP whose space it works in."""
    text_width: int = 512
    """Width of CLAP's space."""
    width: int = 768
    """Width of the temporal transformer (the paper's)."""
    layers: int = 4
    """Depth of the temporal transformer (the paper's)."""
    heads: int = 8
    """Attention heads (the paper's)."""
    max_seconds: int = 10
    """How far a second sees on either side: the length of a training clip."""
    picture: str = variants.TRANSFORMER
    """How the seconds know of each other: one of ``variants.PICTURES``."""
    fusion: str = variants.RESIDUAL
    """How picture and caption meet: one of ``variants.FUSIONS``."""
    presence: bool = False
    """Whether it also says when the caption's object is in view (not in the paper)."""

    def __post_init__(self) -> None:
        sizes = (self.video_width, self.text_width, self.width, self.layers, self.heads)
        if any(type(size) is not int or size < 1 for size in (*sizes, self.max_seconds)):
            raise ValueError(f"sizes of an alignment module are whole numbers from 1: {self}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} does not divide into {self.heads} heads")
        if self.picture not in variants.PICTURES or self.fusion not in variants.FUSIONS:
            raise ValueError(f"no such picture or fusion: {self.picture!r}, {self.fusion!r}")


class VisualAlignment(nn.Module):
    """Temporal transformer and dual residual fusion, behind a gate that starts closed."""

    def __init__(self, config: AlignmentConfig) -> None:
        super().__init__()
        self.config = config
        self.video_in = _video_in(config)
        self.temporal = TEMPORAL[config.picture](config)
        self.video_out = nn.Linear(config.width, config.text_width)
        self.fusion = FUSION[config.fusion](config.text_width)
        self.gate = nn.Parameter(torch.zeros(config.text_width))
        self.presence = Presence(config.text_width) if config.presence else None

    def forward(self, video: Tensor, text: Tensor, mask: Tensor | None = None) -> Tensor:
        """The condition of each second, of unit length: (B, T, V) and (B, D) -> (B, T, D).

        ``text`` has unit length; ``mask`` (B, T) is true where there is a picture.
        """
        B, T, _ = video.shape
        mask = torch.ones(B, T, dtype=torch.bool, device=video.device) if mask is None else mask
        caption = text[:, None].expand(B, T, -1)  # (B, T, D)
        fused = self.fusion(self.look(video, mask), caption)
        moved = caption + self.gate * (fused - caption)
        # Not normalize(moved) alone: its rounding would touch the last bit of an unmoved caption.
        aligned = caption + (F.normalize(moved, dim=-1) - F.normalize(caption, dim=-1))
        return torch.where(mask[:, :, None], aligned, caption)

    def look(self, video: Tensor, mask: Tensor) -> Tensor:
        """What each second shows, a unit vector in CLAP's space: (B, T, V), (B, T) -> (B, T, D)."""
        video = video.masked_fill(~mask[:, :, None], 0.0)
        seen: Tensor = self.video_out(self.temporal(self.video_in(video), mask))
        return F.normalize(seen, dim=-1)

    def likelihood(self, video: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        """How likely each second shows what the caption means, 0 to 1: (B, T), nought unseen.

        Only for a module that has learnt it.
        """
        assert self.presence is not None
        odds: Tensor = self.presence(self.look(video, mask), text)
        return odds.sigmoid().masked_fill(~mask, 0)


def _attending(config: AlignmentConfig) -> nn.Module:
    return TemporalTransformer(config.width, config.layers, config.heads, config.max_seconds)


def _video_in(config: AlignmentConfig) -> nn.Module:
    if config.picture == variants.UNSEEN:
        return Unseen(config.width)
    return nn.Sequential(
        nn.LayerNorm(config.video_width), nn.Linear(config.video_width, config.width)
    )


TEMPORAL: Mapping[str, Callable[[AlignmentConfig], nn.Module]] = {
    variants.TRANSFORMER: _attending,
    variants.SECONDS: lambda _: SecondsApart(),
    variants.MEAN: lambda _: MeanOfSeconds(),
    variants.UNSEEN: lambda _: SecondsApart(),
}
FUSION: Mapping[str, Callable[[int], nn.Module]] = {
    variants.RESIDUAL: DualResidual,
    variants.AVERAGE: lambda _: Average(),
}


def save_alignment(module: VisualAlignment, folder: Path) -> None:
    """Write the module's tensors and configuration into ``folder``, each file whole or not at all.

    The configuration never changes for one folder's tensors while they are trained.
    """
    tensors = {name: value.contiguous() for name, value in module.state_dict().items()}
    with replacing(folder / TENSORS) as unfinished:
        unfinished.write_bytes(save(tensors))  # save_file would let nobody but the owner read it
    with replacing(folder / CONFIG) as unfinished:
        unfinished.write_text(json.dumps(asdict(module.config), indent=2) + "\n", "utf-8")


def load_alignment(folder: Path, base: str, clap: str) -> VisualAlignment:
    """The frozen alignment module in ``folder``, which must have been trained for these models."""
    config = _read_config(folder)
    if (config.base, config.clap) != (base, clap):
        raise CheckpointMismatch(
            f"alignment in {folder} was trained for AudioLDM {config.base!r} with CLAP"
            f" {config.clap!r}, not for {base!r} with {clap!r}: choose those weights, or another"
            " alignment"
        )
    module = VisualAlignment(config)
    try:
        module.load_state_dict(load_file(folder / TENSORS))
    except (OSError, SafetensorError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            f"alignment in {folder} cannot be read, copy it again: {reason}"
        ) from error
    return module.float().eval().requires_grad_(False)


def _read_config(folder: Path) -> AlignmentConfig:
    try:
        values = json.loads((folder / CONFIG).read_text("utf-8"))
        known = {field.name for field in fields(AlignmentConfig)}
        return AlignmentConfig(**{key: value for key, value in values.items() if key in known})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{folder / CONFIG} is not an alignment's configuration, copy it again: {error}"
        ) from error
