"""The embedded default's visual alignment, trained on pictures that come into view.

    python -m diffava_foley.training.embedded.alignment RUN SOUNDS PICTURES LITE0 [--steps N]

PICTURES is a folder of cut-out pictures (Tux Paint's stamps, by ``pictures.tsv``), LITE0 the
released EfficientNet-lite0. Each example is a few seconds in which one object is in view for some
of them, with the caption of its sound, a vague one, or none. Where it is in view the fused
embedding is matched with the sound's audio embedding (equation 2), and kept near the sound's own
captions, which are all that the U-Net has learnt; where it is not, near the caption given.
"""

import argparse
import csv
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F
from transformers import (
    ClapAudioModelWithProjection,
    ClapTextModelWithProjection,
    PreTrainedTokenizerFast,
)

from diffava_foley.model import efficientnet
from diffava_foley.model.alignment import AlignmentConfig, VisualAlignment, save_alignment
from diffava_foley.model.efficientnet import EfficientNetLite0
from diffava_foley.training import contrastive

from . import audio, classes, clips, export, resume, sounds, text

log = logging.getLogger(__name__)

TABLE = Path(__file__).with_name("pictures.tsv")
VIEWS = 24  # of each picture, over different backgrounds
OTHERS, OTHER_VIEWS = 120, 3  # pictures of things without a sound here, and views of each
SECONDS = 5
BATCH = 64
LEARNING_RATE = 5e-4
VAGUE = ("", "sound", "foley", "sound effects", "what is seen")
NEAR = 4.0  # weight of staying where the U-Net knows its way
CONFIG = AlignmentConfig(
    video_width=efficientnet.WIDTH,
    base=export.ID,
    clap=export.CLAP,
    text_width=text.WIDTH,
    width=128,
    layers=4,
    heads=8,
)


@dataclass(frozen=True)
class Material:
    """What the examples are put together from."""

    views: dict[str, Tensor]
    """(N, 1280) by sound: its objects in view."""
    empty: Tensor
    """(N, 1280): backgrounds alone, and things that have no sound here."""
    captions: dict[str, Tensor]
    """(K, 384) by sound; "" holds the vague ones."""
    heard: dict[str, Tensor]
    """(N, 384) by sound: audio embeddings of its recordings."""

    def draw(self, random: np.random.Generator, size: int) -> tuple[Tensor, ...]:
        """Video (B, T, 1280), text (B, 384), audio (B, 384), its captions (B, 384), seen (B, T)."""
        names = random.permutation(np.resize(sorted(self.views), size))
        video, given, heard, meant, seen = [], [], [], [], []
        for name in names:
            into, out = sorted(random.choice(SECONDS + 1, 2, replace=False))
            visible = torch.zeros(SECONDS, dtype=torch.bool)
            visible[into:out] = True
            one = random.integers(len(self.views[name]) // VIEWS) * VIEWS
            rows = [
                _pick(self.views[name][one : one + VIEWS] if there else self.empty, random)
                for there in visible
            ]
            video.append(torch.stack(rows))
            given.append(_pick(self.captions["" if random.random() < 0.3 else name], random))
            heard.append(_pick(self.heard[name], random))
            meant.append(F.normalize(self.captions[name].mean(dim=0), dim=-1))
            seen.append(visible)
        return tuple(torch.stack(part) for part in (video, given, heard, meant, seen))


def main() -> None:
    """Trains the alignment of a run, in minutes; writes ``alignment`` and ``video_encoder``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("lite0", type=Path)
    parser.add_argument("--steps", type=int, default=600)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    eye = _eye(options.lite0, options.run / "video_encoder")
    material = _material(options.run, options.sounds, options.pictures, eye)
    module = VisualAlignment(CONFIG)
    with torch.no_grad():
        module.gate.fill_(0.5)  # an open door to begin with: nothing behind a shut one learns
    optimizer = torch.optim.Adam(module.parameters(), LEARNING_RATE)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, resume.schedule(options.steps, 50))
    for step in range(options.steps):
        batch = material.draw(np.random.default_rng((5, step)), BATCH)
        contrast, near = _losses(module, *batch)
        optimizer.zero_grad()
        (contrast + NEAR * near).backward()
        optimizer.step()
        rate.step()
        if (step + 1) % 100 == 0:
            log.info(f"{step + 1} contrast {contrast.item():.3f}, near {near.item():.4f}")
    save_alignment(module, options.run / "alignment")


def _losses(
    module: VisualAlignment,
    video: Tensor,
    given: Tensor,
    heard: Tensor,
    meant: Tensor,
    seen: Tensor,
) -> tuple[Tensor, Tensor]:
    aligned = module(video, given)  # (B, T, D)
    # An example stands for its sound by the mean of the seconds that show it.
    shown = (aligned * seen[..., None]).sum(dim=1) / seen.sum(dim=1, keepdim=True)
    contrast = contrastive.loss(heard[:, None], shown[:, None])
    wanted = torch.where(seen[..., None], meant[:, None], given[:, None])
    return contrast, (1 - F.cosine_similarity(aligned, wanted, dim=-1)).mean()


def _material(run: Path, folder: Path, pictures: Path, eye: EfficientNetLite0) -> Material:
    rows, _ = sounds.load(run)
    encoder = ClapTextModelWithProjection.from_pretrained(run / "text_encoder").eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / "tokenizer")
    tower = ClapAudioModelWithProjection.from_pretrained(run / "audio_encoder").eval()
    features = audio.log_mels(run, folder, rows)
    views, others = _views(pictures, eye)
    groups = clips.by_sound(rows, held_out=False)
    with torch.no_grad():
        captions = {"": text.embed(encoder, tokenizer, list(VAGUE))} | {
            sound.name: text.embed(encoder, tokenizer, [sound.name, *sound.captions])
            for sound in classes.SOUNDS
        }
        heard = {
            name: audio.embed(tower, torch.stack([features[row.file] for row in groups[name]]))
            for name in views
        }
    random = np.random.default_rng(7)
    empty = _see(eye, [_background(random) for _ in range(4 * VIEWS)])
    return Material(views, torch.cat([empty, others]), captions, heard)


def _views(folder: Path, eye: EfficientNetLite0) -> tuple[dict[str, Tensor], Tensor]:
    """What the eye makes of the pictures in the table, VIEWS rows each, and of some others."""
    random = np.random.default_rng(6)
    files = sorted(path for path in folder.rglob("*.png"))
    with TABLE.open(newline="", encoding="utf-8") as table:
        patterns = {
            row["sound"]: re.compile(row["pattern"])
            for row in csv.DictReader(table, delimiter="\t")
        }
    names = {sound.name for sound in classes.SOUNDS}
    views, shown = {}, set()
    for sound, pattern in patterns.items():
        if sound not in names:
            continue
        found = [file for file in files if pattern.search(file.relative_to(folder).as_posix())]
        frames = [_compose(Image.open(file), random) for file in found for _ in range(VIEWS)]
        shown.update(found)
        if frames:
            views[sound] = _see(eye, frames)
    rest = [file for file in files if file not in shown]
    chosen = random.choice(len(rest), min(OTHERS, len(rest)), replace=False)
    frames = [
        _compose(Image.open(rest[number]), random) for number in chosen for _ in range(OTHER_VIEWS)
    ]
    return views, _see(eye, frames)


def _compose(cutout: Image.Image, random: np.random.Generator) -> Image.Image:
    """The cut-out somewhere over a background, at some size, perhaps mirrored."""
    frame, cutout = _background(random), cutout.convert("RGBA")
    side = efficientnet.SHORT_SIDE
    scale = side * random.uniform(0.45, 0.95) / max(cutout.size)
    cutout = cutout.resize((max(int(cutout.width * scale), 1), max(int(cutout.height * scale), 1)))
    if random.random() < 0.5:
        cutout = cutout.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    place = (
        int(random.integers(side - cutout.width + 1)),
        int(random.integers(side - cutout.height + 1)),
    )
    frame.paste(cutout, place, cutout)
    return frame


def _background(random: np.random.Generator) -> Image.Image:
    """Soft colours: a few random pixels, enlarged."""
    few = random.integers(0, 256, (*random.integers(1, 5, 2), 3), dtype=np.uint8)
    side = efficientnet.SHORT_SIDE
    return Image.fromarray(few).resize((side, side), Image.Resampling.BICUBIC)


@torch.no_grad()
def _see(eye: EfficientNetLite0, frames: Sequence[Image.Image]) -> Tensor:
    """(N, 1280)."""
    seen = []
    for start in range(0, len(frames), 24):
        pixels: NDArray[np.float32] = np.stack(
            [np.asarray(frame, dtype=np.float32) for frame in frames[start : start + 24]]
        )
        scaled = (torch.from_numpy(pixels) - efficientnet.MEAN) / efficientnet.STD
        seen.append(eye(scaled.movedim(-1, 1)))
    return torch.cat(seen)


def _eye(released: Path, folder: Path) -> EfficientNetLite0:
    """The frozen encoder, also written in our format."""
    state = torch.load(released, map_location="cpu", weights_only=True)
    kept = {name: value.contiguous() for name, value in state.items() if not name.startswith("_fc")}
    eye = EfficientNetLite0()
    eye.load_state_dict(kept)
    folder.mkdir(exist_ok=True)
    save_file(kept, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"architecture": "efficientnet-lite0"}))
    return eye.eval().requires_grad_(False)


def _pick(rows: Tensor, random: np.random.Generator) -> Tensor:
    return rows[random.integers(len(rows))]


if __name__ == "__main__":
    main()
