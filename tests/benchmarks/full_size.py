"""Seconds and memory of the full-size architectures, with random weights: nothing is downloaded.

    python tests/benchmarks/full_size.py --seconds 10 --steps 20

Builds AudioLDM-S (or M, L), CLAP's two towers and X-CLIP from their published configurations,
with the paper's alignment, and renders one take as the program would.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import (
    ClapAudioConfig,
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextConfig,
    ClapTextModelWithProjection,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    XCLIPVisionConfig,
    XCLIPVisionModel,
)

from diffava_foley.media.windows import cut_windows
from diffava_foley.model import devices
from diffava_foley.model.alignment import AlignmentConfig, VisualAlignment
from diffava_foley.model.geometry import measure
from diffava_foley.model.models import Models
from diffava_foley.model.settings import Settings
from diffava_foley.model.towers import TransformersClap
from diffava_foley.model.video_encoders import XClipVideoEncoder
from diffava_foley.model.weights import Weights
from diffava_foley.pipeline import FoleyPipeline

CHANNELS = {"s": (128, 256, 384, 640), "m": (192, 384, 576, 960), "l": (256, 512, 768, 1280)}
SCHEDULER = {
    "beta_start": 0.0015,
    "beta_end": 0.0195,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "prediction_type": "epsilon",
    "num_train_timesteps": 1000,
}


def unet(size: str) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=128,
        in_channels=8,
        out_channels=8,
        block_out_channels=CHANNELS[size],
        cross_attention_dim=CHANNELS[size],
        layers_per_block=2,
        attention_head_dim=8,
        down_block_types=("DownBlock2D", *("CrossAttnDownBlock2D",) * 3),
        up_block_types=(*("CrossAttnUpBlock2D",) * 3, "UpBlock2D"),
        class_embed_type="simple_projection",
        class_embeddings_concat=True,
        projection_class_embeddings_input_dim=512,
    )


def vae() -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=1,
        out_channels=1,
        block_out_channels=(128, 256, 512),
        latent_channels=8,
        layers_per_block=2,
        sample_size=512,
        scaling_factor=0.9392935633659363,
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
    )


def vocoder() -> SpeechT5HifiGan:
    config = SpeechT5HifiGanConfig(
        model_in_dim=64,
        sampling_rate=16_000,
        upsample_initial_channel=1024,
        upsample_rates=[5, 4, 2, 2, 2],
        upsample_kernel_sizes=[16, 16, 8, 4, 4],
        resblock_kernel_sizes=[3, 7, 11],
        resblock_dilation_sizes=[[1, 3, 5]] * 3,
        normalize_before=False,
        initializer_range=0.03,  # loud enough to pass for a sound
    )
    return SpeechT5HifiGan(config)


class Words:
    """A stand-in for RoBERTa's tokenizer, whose vocabulary cannot be made up: a number a word."""

    model_max_length = 512

    def __call__(self, text: str | list[str], **_: object) -> SimpleNamespace:
        if isinstance(text, str):
            return SimpleNamespace(input_ids=self._ids(text))
        ids = [self._ids(caption) for caption in text]
        longest = max(map(len, ids))
        padded = torch.tensor([row + [1] * (longest - len(row)) for row in ids])
        return SimpleNamespace(input_ids=padded, attention_mask=(padded != 1).long())

    def _ids(self, text: str) -> list[int]:
        return [0, *(hash(word) % 50_000 + 100 for word in text.split()), 2]


def full_size(size: str, device: str, precision: str) -> Models:
    where, dtype = devices.choose(device, precision)
    parts = {
        "unet": unet(size).to(dtype),
        "vae": vae(),
        "vocoder": vocoder(),
        "text_encoder": ClapTextModelWithProjection(ClapTextConfig(projection_dim=512)),
        "audio_encoder": ClapAudioModelWithProjection(ClapAudioConfig(projection_dim=512)),
        "video_encoder": XClipVideoEncoder(XCLIPVisionModel(XCLIPVisionConfig())),
        "alignment": VisualAlignment(AlignmentConfig(768, f"random-{size}", f"random-{size}")),
    }
    torch.nn.init.constant_(parts["alignment"].gate, 0.5)
    frozen = {name: part.to(where).eval().requires_grad_(False) for name, part in parts.items()}
    for name, part in frozen.items():
        count = sum(p.numel() for p in part.parameters())
        print(f"  {name:14} {count / 1e6:7.1f} M parameters")
    tower = frozen.pop("audio_encoder")
    extractor = ClapFeatureExtractor(truncation="rand_trunc")
    return Models(
        ear=TransformersClap("random", frozen["text_encoder"], Words(), tower, extractor),  # type: ignore[arg-type]
        weights=Weights(f"random-{size}", "0", Path(), licence="none"),
        scheduler_config=SCHEDULER,
        tokenizer=Words(),  # type: ignore[arg-type]
        geometry=measure(frozen["unet"], frozen["vae"], frozen["vocoder"]),
        device=where,
        dtype=dtype,
        **frozen,
    )


@contextmanager
def timed(what: str) -> Iterator[None]:
    before = time.perf_counter()
    yield
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    print(f"{what}: {time.perf_counter() - before:.1f} s, peak {peak()}")


def peak() -> str:
    unit = 1 if sys.platform == "darwin" else 1024
    text = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30:.2f} GiB"
    if torch.cuda.is_available():
        text += f", on the GPU {torch.cuda.max_memory_allocated() / 2**30:.2f} GiB"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", choices=CHANNELS, default="s")
    parser.add_argument("--seconds", type=Fraction, default=Fraction(5, 2))
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--conditioning", default="per-second")
    options = parser.parse_args()
    torch.manual_seed(0)

    with timed("build"):
        models = full_size(options.size, options.device, options.precision)
    print(f"{models.device}, U-Net in {models.dtype}, {torch.get_num_threads()} threads")

    ticks = [time.perf_counter()]
    noise = np.random.default_rng(0).integers(0, 256, (8, 224, 400, 3), dtype=np.uint8)
    windows = (np.roll(noise, w.index * 10, axis=2) for w in cut_windows(options.seconds))
    with timed("render"):
        (take,) = FoleyPipeline(models)(
            windows,
            "a dog barks",
            options.seconds,
            settings=Settings(options.steps, 2.5, conditioning=options.conditioning),
            progress=lambda *_: ticks.append(time.perf_counter()),
        )
        ticks.append(time.perf_counter())
    spans = np.diff(ticks)
    print(
        json.dumps(
            {
                "samples": take.samples.shape[1],
                "peak": round(float(np.abs(take.samples).max()), 4),
                "score": take.score,
                "first step with encoders, s": round(float(spans[0]), 2),
                "a step, s": round(float(np.median(spans[1:-1])), 3) if len(spans) > 2 else None,
                "decode and listen, s": round(float(spans[-1]), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
