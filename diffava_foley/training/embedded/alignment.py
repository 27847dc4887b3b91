"""The embedded default's visual alignment, trained on pictures that come into view.

    python -m diffava_foley.training.embedded.alignment RUN SOUNDS LITE0 STAMPS CLIPART EMOJI

LITE0 is the released EfficientNet-lite0; STAMPS, CLIPART and EMOJI are the collections of
``pictures.py``, of which only the training half is opened. In each example (``sightings.py``)
objects come and go. Where one is in view the fused embedding is matched with the sound's audio
embedding (equation 2), and kept near the sound's own captions, which are all that the U-Net has
learnt; elsewhere, near the caption given. Beside it the module learns to say when that which the
caption means is in view, so that the seconds without it can be silent.
"""

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
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

from . import (
    audio,
    classes,
    clips,
    export,
    pictures,
    resume,
    scenes,
    sightings,
    sounds,
    text,
    views,
)
from .pictures import Collections
from .sightings import Material, Sighting

log = logging.getLogger(__name__)

VIEWS = 12  # of each picture, over different backgrounds
BACKGROUNDS = 200
OTHERS, OTHER_VIEWS = 150, 2  # pictures of things without a sound here, and views of each
HEARD = 12  # recordings of a sound that stand for it
BATCH = 48
LEARNING_RATE = 1e-3
TRUST = 0.5  # of the gate that is learnt: pictures never seen before are told less surely
VAGUE = ("", "sound", "foley", "sound effects", "what is seen")
PAIRED = 2  # captions of each two sounds, in each order
NEAR, SHOWN, PRESENT = 4.0, 4.0, 1.0  # weights of the losses beside the contrastive one
CONFIG = AlignmentConfig(
    video_width=efficientnet.WIDTH,
    base=export.ID,
    clap=export.CLAP,
    text_width=text.WIDTH,
    width=128,
    layers=4,
    heads=8,
    presence=True,
)


def main() -> None:
    """Trains the alignment of a run, in minutes; writes ``alignment`` and ``video_encoder``."""
    parser = argparse.ArgumentParser()
    for name in ("run", "sounds", "lite0", "stamps", "clipart", "emoji"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=1600)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    eye = _eye(options.lite0, options.run / "video_encoder")
    collections = Collections(options.stamps, options.clipart, options.emoji)
    material = _material(options.run, collections, eye)
    heard = _heard(options.run, options.sounds, sorted(material.views))
    module = VisualAlignment(CONFIG)
    with torch.no_grad():
        module.gate.fill_(0.5)  # an open door to begin with: nothing behind a shut one learns
    optimizer = torch.optim.Adam(module.parameters(), LEARNING_RATE)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, resume.schedule(options.steps, 50))
    for step in range(options.steps):
        random = np.random.default_rng((5, step))
        seconds = int(random.integers(sightings.SECONDS[0], sightings.SECONDS[1] + 1))
        batch = [sightings.draw(material, random, seconds) for _ in range(BATCH)]
        losses = _losses(module, batch, _sounds(heard, batch, random))
        optimizer.zero_grad()
        sum(losses.values(), torch.zeros(())).backward()
        optimizer.step()
        rate.step()
        if (step + 1) % 100 == 0:
            told = ", ".join(f"{name} {loss.item():.3f}" for name, loss in losses.items())
            log.info(f"{step + 1} {told}")
    with torch.no_grad():
        module.gate.mul_(TRUST)
    save_alignment(module, options.run / "alignment")


def _losses(module: VisualAlignment, batch: Sequence[Sighting], heard: Tensor) -> dict[str, Tensor]:
    """The contrastive loss over the batch, and what keeps the module to its tasks."""
    video = torch.stack([one.video for one in batch])  # (B, T, 1280)
    given = torch.stack([one.given for one in batch])  # (B, D)
    shown = torch.stack([one.shown for one in batch])  # (B, T, D)
    wanted = torch.stack([one.wanted for one in batch])  # (B, T, D)
    present = torch.stack([one.present for one in batch])  # (B, T)
    seen = torch.stack([one.seen for one in batch])  # (B, T)
    aligned = module(video, given)  # (B, T, D)
    looked = module.look(video, torch.ones_like(seen, dtype=torch.bool))  # (B, T, D)
    # An example stands for its sound by the seconds that show it; those without are left out.
    some = seen.sum(dim=1) > 0.5
    stands = (aligned * seen[..., None]).sum(dim=1)[some]
    assert module.presence is not None
    odds = module.presence(looked, given)
    return {
        "contrast": contrastive.loss(heard[some][:, None], stands[:, None]),
        "near": NEAR * (1 - F.cosine_similarity(aligned, wanted, dim=-1)).mean(),
        "shown": SHOWN * (1 - F.cosine_similarity(looked, shown, dim=-1)).mean(),
        "present": PRESENT * F.binary_cross_entropy_with_logits(odds, present),
    }


def _sounds(
    heard: Mapping[str, Tensor], batch: Sequence[Sighting], random: np.random.Generator
) -> Tensor:
    """The audio embedding of a recording of each example's object: (B, D)."""
    return torch.stack([heard[one.sound][random.integers(len(heard[one.sound]))] for one in batch])


def _material(run: Path, collections: Collections, eye: EfficientNetLite0) -> Material:
    encoder = ClapTextModelWithProjection.from_pretrained(run / "text_encoder").eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / "tokenizer")
    seen, empty = _seen(run, collections, eye)

    @torch.no_grad()
    def embed(captions: Sequence[str]) -> Tensor:
        return text.embed(encoder, tokenizer, list(captions))

    captions = {sound.name: embed([sound.name, *sound.captions]) for sound in classes.SOUNDS}
    words = {sound.name: sound.captions for sound in classes.SOUNDS}
    random = np.random.default_rng(8)
    pairs = {
        (one, other): embed(
            [
                f"{random.choice(words[one])} and {random.choice(words[other])}"
                for _ in range(PAIRED)
            ]
        )
        for one in seen
        for other in seen
        if one != other
    }
    return Material(
        views=seen,
        empty=empty,
        captions={"": embed(VAGUE), **captions},
        pairs=pairs,
        meant={name: F.normalize(rows.mean(dim=0), dim=-1) for name, rows in captions.items()},
        silence=embed([scenes.NOTHING])[0],
    )


def _seen(
    run: Path, collections: Collections, eye: EfficientNetLite0
) -> tuple[dict[str, Tensor], Tensor]:
    """The eye's view of the pictures by sound, (N, VIEWS, 1280), and of what is silent, (N, 1280).

    Kept in the run, for looking takes longer than training.
    """
    kept = run / "picture_views.pt"
    if state := resume.load(kept):
        return state["views"], state["empty"]
    random = np.random.default_rng(6)
    seen: dict[str, list[Tensor]] = {}
    for picture in pictures.read(pictures.TRAINING):
        cutout = collections.open(picture)
        frames = [views.compose(cutout, random) for _ in range(VIEWS)]
        seen.setdefault(picture.sound, []).append(views.see(eye, frames))
    stacked = {name: torch.stack(rows) for name, rows in seen.items()}
    frames = [views.background(random) for _ in range(BACKGROUNDS)]
    for path in _silent(collections, random):
        cutout = pictures.load(path)
        frames += [views.compose(cutout, random) for _ in range(OTHER_VIEWS)]
    empty = views.see(eye, frames)
    resume.save(kept, views=stacked, empty=empty)
    return stacked, empty


def _silent(collections: Collections, random: np.random.Generator) -> list[Path]:
    """Some stamps of things that make no sound: food, plants, clothes, flags."""
    folders = ("food", "plants", "clothes", "town/flags", "space", "sports", "seasonal/hanukkah")
    files = sorted(
        path for folder in folders for path in (collections.stamps / folder).rglob("*.png")
    )
    chosen = random.choice(len(files), min(OTHERS, len(files)), replace=False)
    return [files[index] for index in chosen]


def _heard(run: Path, folder: Path, names: Sequence[str]) -> dict[str, Tensor]:
    """The audio embeddings of some recordings of each sound, (N, D)."""
    rows, _ = sounds.load(run)
    tower = ClapAudioModelWithProjection.from_pretrained(run / "audio_encoder").eval()
    groups = clips.by_sound(rows, held_out=False)
    features = audio.log_mels(run, folder, rows)
    with torch.no_grad():
        return {
            name: audio.embed(
                tower, torch.stack([features[row.file] for row in groups[name][:HEARD]])
            )
            for name in names
        }


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


if __name__ == "__main__":
    main()
