"""What the U-Net's training draws from: recordings, their mels, and the captions' embeddings."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from transformers import ClapTextModelWithProjection, PreTrainedTokenizerFast

from . import classes, clips, patches, scenes, sounds, text, variation

UNGUIDED = 0.1  # share of empty captions
OFTEN = 3  # times as often as the other sounds
HAZE = 0.04  # most noise on each number of the unit-length embedding, so that near captions work


@dataclass(frozen=True)
class Lesson:
    """What is taught."""

    without: frozenset[str] = frozenset()
    """Sounds that are left out."""
    often: frozenset[str] = frozenset()
    """Sounds drawn ``OFTEN`` times as often as the others."""


EVERYTHING = Lesson()


@dataclass(frozen=True)
class Batch:
    """Clips and their conditions."""

    spectra: Tensor
    """(B, CLIP_FRAMES, N_MELS)."""
    seconds: Tensor
    """Embeddings by second: (B, S, D)."""
    start: float
    """Seconds, less than one, from where the first of the conditions begins to the clips."""


@dataclass(frozen=True)
class Bank:
    """One split of the sounds, by name."""

    groups: dict[str, list[sounds.Recording]]
    mels: dict[str, NDArray[np.float16]]
    captions: dict[str, Tensor]
    """(K, D) by sound; "" holds the empty caption's, ``scenes.NOTHING`` silence's."""
    lesson: Lesson = EVERYTHING

    @property
    def names(self) -> list[str]:
        """The sounds to draw from, each as many times as it is likely."""
        taught = sorted(name for name in self.groups if name not in self.lesson.without)
        return [name for name in taught for _ in range(OFTEN if name in self.lesson.often else 1)]

    def draw(self, random: np.random.Generator, size: int) -> Batch:
        """Clips that all begin at one moment of a second."""
        start = float(random.random())
        names = self.names
        drawn = [scenes.draw(names, random) for _ in range(size)]
        spectra = [
            variation.vary(scenes.play(one, start, self.groups, self.mels, random), random)
            for one in drawn
        ]
        seconds = [self._condition(one, random) for one in drawn]
        return Batch(torch.from_numpy(np.stack(spectra)), torch.stack(seconds), start)

    def _condition(self, scene: scenes.Scene, random: np.random.Generator) -> Tensor:
        """One embedding a second, the same wherever the same is heard: (S, D)."""
        if random.random() < UNGUIDED:
            return self.captions[""].expand(len(scene), -1)
        rows, haze = {}, random.uniform(0, HAZE)
        for name in dict.fromkeys(scene):
            row = self.captions[name][random.integers(len(self.captions[name]))]
            noise = torch.from_numpy(random.normal(0, haze, row.shape).astype(np.float32))
            rows[name] = F.normalize(row + noise, dim=-1)
        return torch.stack([rows[name] for name in scene])


def open_banks(run: Path, lesson: Lesson = EVERYTHING) -> tuple[Bank, Bank, AutoencoderDC]:
    """What a run learns from, what it holds out, and its autoencoder.

    Raises ValueError if the lesson names a sound that is not there.

    The autoencoder is the one in ``RUN/vae`` if there is one, as when the U-Net goes on from
    weights that were trained with it; else it is fitted.
    """
    rows, mels = sounds.load(run)
    captions = embeddings(run)
    if strangers := (lesson.without | lesson.often) - set(captions):
        raise ValueError(f"no such sounds: {', '.join(sorted(strangers))}; see sounds.toml")
    taught, held_out = (
        Bank(clips.by_sound(rows, held_out=half), mels, captions, lesson) for half in (False, True)
    )
    if (run / "vae").is_dir():
        autoencoder: AutoencoderDC = AutoencoderDC.from_pretrained(run / "vae").float().eval()
        return taught, held_out, autoencoder.requires_grad_(False)
    training = [mels[row.file] for group in taught.groups.values() for row in group]
    return taught, held_out, patches.fit(training)


@torch.no_grad()
def embeddings(run: Path) -> dict[str, Tensor]:
    """The embeddings of each sound's captions, (K, D), of the empty one, and of silence."""
    encoder = ClapTextModelWithProjection.from_pretrained(run / "text_encoder").eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / "tokenizer")
    captions = {name: text.embed(encoder, tokenizer, [name]) for name in ("", scenes.NOTHING)}
    for sound in classes.SOUNDS:
        captions[sound.name] = text.embed(encoder, tokenizer, [sound.name, *sound.captions])
    return captions
