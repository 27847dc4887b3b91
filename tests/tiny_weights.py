"""A tiny AudioLDM with random weights, in the folder format of real ones: seconds on a CPU.

``build(folder)`` writes every part, the optional ones too. ``KINDS`` are two geometries: one like
AudioLDM's and one like the embedded default's, so that no number of either can hide in the code.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderDC, AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    ClapAudioConfig,
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextConfig,
    ClapTextModelWithProjection,
    PreTrainedTokenizerFast,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    XCLIPVisionConfig,
    XCLIPVisionModel,
)

from diffava_foley.model.alignment import AlignmentConfig, VisualAlignment, save_alignment

TEXT_WIDTH = 8
WORDS = [
    "a",
    "the",
    "dog",
    "barks",
    "rain",
    "falls",
    "door",
    "slams",
    "glass",
    "breaks",
    "train",
    "sea",
]
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


@dataclass(frozen=True)
class Kind:
    """What differs between AudioLDM's format and the embedded default's."""

    sample_rate: int
    upsampling: tuple[int, ...]
    bins: int
    latent_channels: int
    pixel_shuffles: bool
    normalize_before: bool
    prediction: str
    pad_first: bool
    window_seconds: float


KINDS = {
    "audioldm": Kind(16_000, (8, 20), 8, 4, False, False, "epsilon", False, 10.24),
    "embedded": Kind(22_050, (16, 16), 20, 16, True, True, "v_prediction", True, 3.0),
}


def build(folder: Path, kind: str = "audioldm", *, trained: bool = True, seed: int = 0) -> Path:
    """The folder, filled; ``trained`` opens the alignment's gate so that the picture matters."""
    shape = KINDS[kind]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _unet(shape).save_pretrained(folder / "unet")
        _vae(shape).save_pretrained(folder / "vae")
        _vocoder(shape).save_pretrained(folder / "vocoder")
        _scheduler(shape).save_pretrained(folder / "scheduler")
        _text_encoder().save_pretrained(folder / "text_encoder")
        _tokenizer(shape).save_pretrained(folder / "tokenizer")
        _audio_encoder().save_pretrained(folder / "audio_encoder")
        _feature_extractor().save_pretrained(folder / "feature_extractor")
        _video_encoder().save_pretrained(folder / "video_encoder")
        save_alignment(_alignment(trained), folder / "alignment")
    about = {
        "id": "tiny",
        "title": "Tiny random weights",
        "licence": "CC0-1.0",
        "attribution": "nobody",
        "knows": ["noise"],
        "steps": 2,
        "guidance": 2.0,
        "window_seconds": shape.window_seconds,
        "negative": "",
    }
    (folder / "foley.json").write_text(json.dumps(about))
    return folder


def _unet(shape: Kind) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=8,
        sample_size=32,
        in_channels=shape.latent_channels,
        out_channels=shape.latent_channels,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(8, 16),
        attention_head_dim=2,
        class_embed_type="simple_projection",
        projection_class_embeddings_input_dim=TEXT_WIDTH,
        class_embeddings_concat=True,
    )


def _vae(shape: Kind) -> AutoencoderKL | AutoencoderDC:
    if shape.pixel_shuffles:
        return AutoencoderDC(
            in_channels=1,
            latent_channels=shape.latent_channels,
            encoder_block_out_channels=(1, 4, 16),
            decoder_block_out_channels=(4, 4, 16),
            encoder_layers_per_block=(1, 1, 1),
            decoder_layers_per_block=(1, 1, 1),
            encoder_qkv_multiscales=((), (), ()),
            decoder_qkv_multiscales=((), (), ()),
            encoder_out_shortcut=False,
            decoder_in_shortcut=False,
            scaling_factor=1.3,
        )
    return AutoencoderKL(
        block_out_channels=(8, 16),
        in_channels=1,
        out_channels=1,
        norm_num_groups=8,
        latent_channels=shape.latent_channels,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        scaling_factor=0.92,
    )


def _vocoder(shape: Kind) -> SpeechT5HifiGan:
    config = SpeechT5HifiGanConfig(
        model_in_dim=shape.bins,
        sampling_rate=shape.sample_rate,
        upsample_initial_channel=8,
        upsample_rates=list(shape.upsampling),
        upsample_kernel_sizes=[2 * rate for rate in shape.upsampling],
        resblock_kernel_sizes=[3, 7],
        resblock_dilation_sizes=[[1, 3, 5], [1, 3, 5]],
        normalize_before=shape.normalize_before,
    )
    vocoder = SpeechT5HifiGan(config)
    for parameter in vocoder.parameters():  # loud enough to be heard, and not clipped
        torch.nn.init.normal_(parameter, std=0.2)
    vocoder.mean.normal_()
    vocoder.scale.uniform_(0.5, 2.0)
    return vocoder


def _scheduler(shape: Kind) -> DDIMScheduler:
    return DDIMScheduler(
        beta_start=0.0015,
        beta_end=0.0195,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type=shape.prediction,
    )


def _text_encoder() -> ClapTextModelWithProjection:
    config = ClapTextConfig(
        vocab_size=len(SPECIAL) + len(WORDS),
        hidden_size=8,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=1,
        max_position_embeddings=34,
        projection_dim=TEXT_WIDTH,
        projection_hidden_act="relu",
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        initializer_range=1.0,
    )
    return ClapTextModelWithProjection(config)


def _tokenizer(shape: Kind) -> PreTrainedTokenizerFast:
    words = [*SPECIAL, *WORDS]
    if shape.pad_first:  # a tokenizer may pad with another id than the text encoder's
        words[0], words[1] = words[1], words[0]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[("<s>", vocabulary["<s>"]), ("</s>", vocabulary["</s>"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        model_max_length=32,
    )


def _audio_encoder() -> ClapAudioModelWithProjection:
    config = ClapAudioConfig(
        window_size=2,
        num_mel_bins=8,
        spec_size=32,
        patch_size=4,
        patch_stride=[4, 4],
        num_classes=2,
        hidden_size=16,
        projection_dim=TEXT_WIDTH,
        depths=[1, 1],
        num_attention_heads=[2, 2],
        patch_embeds_hidden_size=8,
        mlp_ratio=2.0,
    )
    return ClapAudioModelWithProjection(config)


def _feature_extractor() -> ClapFeatureExtractor:
    return ClapFeatureExtractor(
        feature_size=8,
        sampling_rate=8_000,
        hop_length=160,
        max_length_s=2,
        fft_window_size=256,
        frequency_min=50,
        frequency_max=4_000,
        truncation="rand_trunc",
    )


def _video_encoder() -> XCLIPVisionModel:
    config = XCLIPVisionConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        mit_hidden_size=8,
        mit_intermediate_size=8,
        mit_num_hidden_layers=1,
        mit_num_attention_heads=2,
        image_size=32,
        patch_size=16,
        num_frames=8,
    )
    return XCLIPVisionModel(config)


def _alignment(trained: bool) -> VisualAlignment:
    config = AlignmentConfig(
        video_width=16,
        base="tiny",
        clap="tiny",
        text_width=TEXT_WIDTH,
        width=8,
        layers=1,
        heads=2,
        max_seconds=4,
    )
    module = VisualAlignment(config)
    if trained:
        torch.nn.init.constant_(module.gate, 0.8)
    return module
