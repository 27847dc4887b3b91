"""The audio tower of the embedded default's CLAP.

    python -m diffava_foley.training.embedded.audio RUN SOUNDS [--steps N] [--device auto]

A small HTSAT (``ClapAudioModelWithProjection``) learns to put a sound where the text tower puts
its captions: contrastive over the sounds of a batch, the text tower frozen. Writes
``RUN/audio_encoder`` and ``RUN/feature_extractor`` and reports held-out recall at one among all
sounds' names.
"""

import argparse
import logging
import time
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    ClapAudioConfig,
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextModelWithProjection,
    PreTrainedTokenizerFast,
)

from diffava_foley.model import devices

from . import classes, clips, mel, resume, sounds, text

log = logging.getLogger(__name__)

SECONDS = 5
HOP = 441  # 50 frames a second
BATCH = 32
LEARNING_RATE = 1e-3
TEMPERATURE = 0.1
EVERY = 50


def build() -> ClapAudioModelWithProjection:
    """The untrained tower: log mels (B, 1, 251, 64) -> (B, 384)."""
    return ClapAudioModelWithProjection(
        ClapAudioConfig(
            spec_size=128,
            num_mel_bins=64,
            patch_embeds_hidden_size=24,
            hidden_size=192,
            depths=[2, 2, 2, 2],
            num_attention_heads=[2, 4, 8, 8],
            window_size=4,
            projection_dim=text.WIDTH,
            num_classes=len(classes.SOUNDS),
            enable_fusion=False,
        )
    )


def extractor() -> ClapFeatureExtractor:
    """The tower's front end: 22.05 kHz, 64 mel bands to 8 kHz, five seconds."""
    return ClapFeatureExtractor(
        feature_size=64,
        sampling_rate=mel.SAMPLE_RATE,
        hop_length=HOP,
        max_length_s=SECONDS,
        fft_window_size=mel.N_FFT,
        frequency_min=50,
        frequency_max=8000,
        truncation="rand_trunc",
        padding="repeatpad",
    )


def main() -> None:
    """Trains, or goes on training, the audio tower of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--device", default="auto", choices=devices.DEVICES)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    rows, _ = sounds.load(options.run)
    features = log_mels(options.run, options.sounds, rows)
    groups = clips.by_sound(rows, held_out=False)
    captions, names = _captions(options.run)
    model = build()
    nn.Module.to(model, devices.choose(options.device)[0])
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=0.05)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, resume.schedule(options.steps, 40))
    done = 0
    if state := resume.load(options.run / "audio.pt"):
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        rate.load_state_dict(state["rate"])
        done = state["done"]
    began = time.monotonic()
    for step in range(done, options.steps):
        model.train()
        random = np.random.default_rng((4, step))
        drawn = list(random.permutation(sorted(groups))[:BATCH])  # each sound once at most
        files = [groups[name][random.integers(len(groups[name]))].file for name in drawn]
        heard = embed(model, torch.stack([_augment(features[file], random) for file in files]))
        said = torch.stack([captions[n][random.integers(len(captions[n]))] for n in drawn]).to(
            heard
        )
        likeness = heard @ said.T / TEMPERATURE
        own = torch.arange(len(drawn), device=heard.device)
        loss = (F.cross_entropy(likeness, own) + F.cross_entropy(likeness.T, own)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
        if (step + 1) % EVERY == 0 or step + 1 == options.steps:
            pace = (time.monotonic() - began) / (step + 1 - done)
            recall = _recall(model, features, [row for row in rows if row.held_out], names)
            log.info(f"{step + 1} loss {loss.item():.3f}, recall {recall:.3f}, {pace:.2f} s a step")
            resume.save(
                options.run / "audio.pt",
                model=model.state_dict(),
                optimizer=optimizer.state_dict(),
                rate=rate.state_dict(),
                done=step + 1,
            )
    model.eval().save_pretrained(options.run / "audio_encoder")
    extractor().save_pretrained(options.run / "feature_extractor")


def embed(model: ClapAudioModelWithProjection, features: Tensor) -> Tensor:
    """Unit-length embeddings of log mels: (B, 1, 251, 64) -> (B, 384)."""
    longer = torch.zeros(len(features), 1, dtype=torch.bool, device=model.device)
    with devices.mixed(model.device):
        heard = model(input_features=features.to(model.device), is_longer=longer).audio_embeds
    return F.normalize(heard.float(), dim=-1)


def log_mels(run: Path, folder: Path, rows: list[sounds.Recording]) -> dict[str, Tensor]:
    """The log mel of the first five seconds of every file, kept in the run."""
    kept = run / "audio_features.pt"
    if (state := resume.load(kept)) is None:
        front = extractor()
        state = {}
        for row in rows:
            wave, rate = soundfile.read(folder / row.file, dtype="float32")
            wave = wave[: SECONDS * rate] * (sounds.PEAK / max(float(np.abs(wave).max()), 1e-6))
            heard = front(wave, sampling_rate=rate, return_tensors="pt").input_features
            state[row.file] = heard[0]  # (1, 251, 64)
        resume.save(kept, **state)
    return state


def _augment(features: Tensor, random: np.random.Generator) -> Tensor:
    """The features, turned in time, at another level, with a band and a moment blanked."""
    turned = features.roll(int(random.integers(features.shape[1])), dims=1)
    turned = turned + float(random.normal(0, 4))  # dB
    band, moment = random.integers(56), random.integers(220)
    turned[:, :, band : band + random.integers(8)] = -80
    turned[:, moment : moment + random.integers(30)] = -80
    return turned


def _captions(run: Path) -> tuple[dict[str, Tensor], Tensor]:
    """Each sound's caption embeddings, (K, 384), and those of the names alone, (S, 384)."""
    encoder = ClapTextModelWithProjection.from_pretrained(run / "text_encoder").eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / "tokenizer")
    with torch.no_grad():
        captions = {
            sound.name: text.embed(encoder, tokenizer, [sound.name, *sound.captions])
            for sound in classes.SOUNDS
        }
        return captions, text.embed(encoder, tokenizer, [sound.name for sound in classes.SOUNDS])


@torch.no_grad()
def _recall(
    model: ClapAudioModelWithProjection,
    features: dict[str, Tensor],
    rows: list[sounds.Recording],
    names: Tensor,
) -> float:
    """Share of the rows whose sound's name is the nearest of all names."""
    model.eval()
    order = [sound.name for sound in classes.SOUNDS]
    heard = embed(model, torch.stack([features[row.file] for row in rows]))
    nearest = (heard @ names.to(heard).T).argmax(dim=-1).tolist()
    return float(np.mean([order[i] == row.sound for i, row in zip(nearest, rows, strict=True)]))


if __name__ == "__main__":
    main()
