"""LAION's tensors under transformers' names: one set of weights in both houses."""

import re
from collections.abc import Iterator

from torch import Tensor
from transformers import ClapAudioConfig, ClapConfig, ClapTextConfig

NAMES = (  # in this order: what one line makes, a later one may find
    (r"^text_branch\.", "text_model."),
    (r"^audio_branch\.", "audio_model.audio_encoder."),
    (r"_projection\.0\.", "_projection.linear1."),
    (r"_projection\.2\.", "_projection.linear2."),
    (r"(audio_model.*)\.attn\.proj\.", r"\1.attention.output.dense."),
    (r"(audio_model.*)\.attn\.", r"\1.attention.self."),
    (r"(audio_model.*)\.mlp\.fc1\.", r"\1.intermediate.dense."),
    (r"(audio_model.*)\.mlp\.fc2\.", r"\1.output.dense."),
    (r"(audio_model.*)\.norm1\.", r"\1.layernorm_before."),
    (r"(audio_model.*)\.norm2\.", r"\1.layernorm_after."),
    (r"\.bn0\.", ".batch_norm."),
)
LEFT = (  # what transformers does elsewhere, or not at all
    "spectrogram_extractor",
    "logmel_extractor",
    "tscam_conv",
    "audio_branch.head",
    "_transform.",
    "logit_scale",
    "attn_mask",
)
DEPTHS = {96: (2, 2, 6, 2), 128: (2, 2, 12, 2)}


def config(width: int, fused: bool) -> ClapConfig:
    """transformers' configuration of LAION's CLAP with an HTSAT whose patches are this wide."""
    audio = ClapAudioConfig(
        patch_embeds_hidden_size=width,
        hidden_size=8 * width,
        depths=DEPTHS[width],
        enable_fusion=fused,
        fusion_type="aff_2d" if fused else None,
    )
    text = ClapTextConfig(layer_norm_eps=1e-5)  # RoBERTa's
    return ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict(), projection_dim=512)


def convert(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of LAION's model as ClapModel names them."""
    named = {
        name: tensor for name, tensor in tensors.items() if not any(part in name for part in LEFT)
    }
    return dict(pair for name, tensor in named.items() for pair in _renamed(name, tensor))


def _renamed(name: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    for old, new in NAMES:
        name = re.sub(old, new, name)
    if name.startswith("audio_model") and ".qkv." in name:
        for part, piece in zip(("query", "key", "value"), tensor.chunk(3), strict=True):
            yield name.replace("qkv", part), piece.clone()
    else:
        # What fuses: four convolutions and norms, in a list here and by name there alike.
        yield name, tensor
