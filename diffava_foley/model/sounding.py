"""The voices of a shot become one sound, each made for the stretches in which it is heard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from diffava_foley.media.windows import WINDOW_SECONDS, sample_count

from . import decoding, diffusion, presence
from .diffusion import Progress
from .looking import Voice
from .models import Models
from .settings import Settings

LEAST = Fraction(3)  # seconds made for a stretch, or the model's window if that is less
SEEDS_APART = 1_000_003  # of the voices of one take, so that none repeats another's noise

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Stretch:
    """A part of the shot in which a voice is heard; samples from the shot's start."""

    condition: Tensor
    start: int
    stop: int
    level: Wave | None
    """The gain of every sample, (stop - start,), or None for all of one."""
    seed: int


def sound(
    models: Models,
    voices: Sequence[Voice],
    negative: Tensor,
    duration: Fraction,
    settings: Settings,
    seed: int,
    progress: Progress | None = None,
) -> Wave:
    """One sound, exact to the sample: (1, N). ``settings`` are resolved."""
    count = sample_count(duration, models.geometry.sample_rate)
    stretches = [
        stretch
        for number, voice in enumerate(voices)
        for stretch in cut(voice, count, models, (seed + number * SEEDS_APART) % diffusion.SEEDS)
    ]
    whole = np.zeros((1, count), np.float32)
    for number, stretch in enumerate(stretches):
        reported = part(progress, number, len(stretches))
        wave = _render(models, stretch, negative, duration, settings, reported)
        if stretch.level is not None:
            wave = wave * stretch.level
        whole[:, stretch.start : stretch.stop] += wave
    if len(voices) > 1:
        whole /= max(1.0, float(np.abs(whole).max()))  # together they may be louder than can be
    return whole


def cut(voice: Voice, count: int, models: Models, seed: int) -> Iterator[Stretch]:
    """The stretches of a voice in a shot of ``count`` samples."""
    rate = models.geometry.sample_rate
    level = None
    if voice.there is not None:
        level = presence.level(voice.there.cpu(), count, rate, voice.pace)[0]
    if level is None or bool((level == 1).all()):
        yield Stretch(voice.condition, 0, count, None, seed)
        return
    gain: Wave = level.numpy()
    edges = np.flatnonzero(np.diff(gain > 0, prepend=False, append=False))
    for start, stop in edges.reshape(-1, 2).tolist():
        yield Stretch(voice.condition, start, stop, gain[start:stop], seed)


def part(progress: Progress | None, number: int, count: int) -> Progress | None:
    """Progress of one of ``count`` equal parts as part of all."""
    if progress is None:
        return None

    def report(done: int, steps: int) -> None:
        progress(number * steps + done, count * steps)

    return report


def _render(
    models: Models,
    stretch: Stretch,
    negative: Tensor,
    duration: Fraction,
    settings: Settings,
    progress: Progress | None,
) -> Wave:
    """The sound of a stretch before it is turned down: (1, stop - start).

    The model makes no less than it is good at. Of what is made for less than that the loudest part
    is taken; the rest lies where it was made for.
    """
    geometry, weights = models.geometry, models.weights
    count = stretch.stop - stretch.start
    noise = diffusion.noise(geometry, geometry.length(duration), stretch.seed)
    least = min(geometry.length(LEAST), models.window_latents)
    length = max(geometry.length(Fraction(count, geometry.sample_rate)), least)
    length = min(length, noise.shape[2])
    begin = min(stretch.start // geometry.samples_a_latent, noise.shape[2] - length)
    latents = diffusion.denoise(
        models,
        noise[:, :, begin : begin + length],
        stretch.condition,
        negative,
        steps=settings.steps or weights.steps,
        guidance=settings.guidance or weights.guidance,
        sampler=settings.sampler or weights.sampler,
        guided=weights.guided if settings.guided is None else settings.guided,
        rescale=weights.rescale if settings.rescale is None else settings.rescale,
        seed=stretch.seed,
        begin=begin,
        progress=progress,
    )
    made = decoding.decode(models, latents).numpy()
    if stretch.level is None:
        short = duration < WINDOW_SECONDS
    else:
        short = count < least * geometry.samples_a_latent
    place = stretch.start - begin * geometry.samples_a_latent
    first = _loudest(made[0], count) if short else min(place, made.shape[1] - count)
    return np.ascontiguousarray(made[:, first : first + count])


def _loudest(sound: Wave, count: int) -> int:
    """Where the loudest stretch begins."""
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    return int(np.argmax(energy[count:] - energy[:-count]))
