"""Is a sound what its caption says? The judge's top five, on generated and on real sounds.

    python -m diffava_foley.evaluation.recognition WEIGHTS RUN SOUNDS YAMNET CLASS_MAP

Generates clips for every sound that the weights say they know (``--taught`` for every one they
were taught), evenly and with fixed seeds, from captions that the training never saw (``--captions
known`` for those it did), and prints the share whose top five contain the sound. Beside it: the
same for the run's held-out recordings as they are, and passed through the vocoder, which no
generator on that vocoder can beat by merit.
"""

import argparse
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from diffava_foley.errors import BadTake
from diffava_foley.pipeline import FoleyPipeline, Settings
from diffava_foley.training.embedded import classes, mel, sounds

from .judges.yamnet import YamNet

log = logging.getLogger(__name__)

SECONDS = 3
REAL_PER_SOUND = 3


@dataclass(frozen=True)
class Heard:
    """One sound and whether the judge heard in it what it is."""

    sound: str
    recognised: bool
    top: tuple[str, ...]


def share(heard: Sequence[Heard]) -> float:
    """The share that was recognised, 0 to 1."""
    return float(np.mean([one.recognised for one in heard])) if heard else float("nan")


def interval(heard: Sequence[Heard], draws: int = 2000) -> tuple[float, float]:
    """The 95 % bootstrap interval of the share."""
    hits = np.array([one.recognised for one in heard], dtype=float)
    chosen = np.random.default_rng(0).integers(len(hits), size=(draws, len(hits)))
    low, high = np.quantile(hits[chosen].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def judge_waves(
    judge: YamNet, waves: Iterable[tuple[str, NDArray[np.float32], int]]
) -> list[Heard]:
    """What the judge says of (sound, wave (N,), sample rate)."""
    accepted = {sound.name: set(sound.judge) for sound in classes.SOUNDS}
    heard = []
    for name, wave, rate in waves:
        top = judge.hear(wave, rate).top(judge.names)
        heard.append(Heard(name, bool(accepted[name] & set(top)), top))
    return heard


def generated(
    pipeline: FoleyPipeline,
    among: Sequence[classes.Sound],
    seeds: range,
    settings: Settings,
    *,
    unseen: bool,
) -> Iterable[tuple[str, NDArray[np.float32], int]]:
    """One sound for each seed, made from a caption of each of ``among`` in turn."""
    for number, seed in enumerate(seeds):
        sound = among[number % len(among)]
        captions = sound.unseen if unseen else sound.captions
        caption = captions[number // len(among) % len(captions)]
        try:
            take = pipeline(None, caption, Fraction(SECONDS), settings=settings, seed=seed)[0]
        except BadTake:
            yield sound.name, np.zeros(SECONDS * mel.SAMPLE_RATE, np.float32), mel.SAMPLE_RATE
        else:
            yield sound.name, take.samples[0], take.sample_rate


def real(
    rows: Sequence[sounds.Recording], folder: Path
) -> Iterable[tuple[str, NDArray[np.float32], int]]:
    """The first seconds of held-out recordings, a few of each sound."""
    taken: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: -row.frames):
        if row.held_out and taken.get(row.sound, 0) < REAL_PER_SOUND:
            taken[row.sound] = taken.get(row.sound, 0) + 1
            wave, rate = soundfile.read(folder / row.file, dtype="float32")
            wave = wave[: SECONDS * rate]
            yield row.sound, wave * (sounds.PEAK / max(float(np.abs(wave).max()), 1e-6)), rate


@torch.no_grad()
def resynthesised(
    pipeline: FoleyPipeline, waves: Iterable[tuple[str, NDArray[np.float32], int]]
) -> Iterable[tuple[str, NDArray[np.float32], int]]:
    """The same sounds through mel, autoencoder and vocoder."""
    models = pipeline.models
    for name, wave, rate in waves:
        spectrum = mel.log_mel(torch.from_numpy(wave))
        spectrum = spectrum[: len(spectrum) // 4 * 4][None, None]
        rebuilt = models.vae.decode(models.vae.encode(spectrum).latent).sample
        yield name, models.vocoder(rebuilt[0, 0]).numpy(), rate


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("run", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("yamnet", type=Path)
    parser.add_argument("class_map", type=Path)
    parser.add_argument("--clips", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--taught", action="store_true")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--sampler", default="ddim")
    parser.add_argument("--captions", choices=("unseen", "known"), default="unseen")
    parser.add_argument("--no-real", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    log.setLevel(logging.INFO)
    judge = YamNet(options.yamnet, options.class_map)
    pipeline = FoleyPipeline.from_weights(options.weights)
    settings = Settings(steps=options.steps, guidance=options.guidance, sampler=options.sampler)
    unseen = options.captions == "unseen"
    seeds = range(options.first_seed, options.first_seed + options.clips)
    known = pipeline.models.weights.knows
    among = [sound for sound in classes.SOUNDS if options.taught or sound.name in known]
    made = judge_waves(judge, generated(pipeline, among, seeds, settings, unseen=unseen))
    _report(f"generated, {options.captions} captions", made)
    for name in sorted({one.sound for one in made}):
        mine = [one for one in made if one.sound == name]
        log.info("  %-16s %.2f  %s", name, share(mine), "; ".join(mine[0].top))
    if not options.no_real:
        rows, _ = sounds.load(options.run)
        originals = list(real(rows, options.sounds))
        _report("real, held out", judge_waves(judge, originals))
        _report("real, resynthesised", judge_waves(judge, resynthesised(pipeline, originals)))


def _report(name: str, heard: Sequence[Heard]) -> None:
    low, high = interval(heard)
    count = len({one.sound for one in heard})
    log.info(
        "%-28s %5.1f %% [%.1f, %.1f] of %d, %d sounds",
        name,
        100 * share(heard),
        100 * low,
        100 * high,
        len(heard),
        count,
    )


if __name__ == "__main__":
    main()
