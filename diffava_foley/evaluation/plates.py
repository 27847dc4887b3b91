"""What the paper's figure 2 shows, of one's own clip: frames, and the sounds made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import MediaError
from diffava_foley.events import Listener, ShotDone, ShotStarted, StepDone, ignore
from diffava_foley.media.probe import probe
from diffava_foley.media.video import open_video
from diffava_foley.rendering import RenderOptions
from diffava_foley.studio import Studio

from .comparison import able
from .excerpts import Excerpt, excerpt, own_sound
from .spectrogram import SAMPLE_RATE
from .systems import System, systems

SHORT_SIDE = 360
"""Pixels of the frames."""


@dataclass(frozen=True)
class Sound:
    """One sound of the figure."""

    title: str
    wave: NDArray[np.float32]
    """(N,)."""
    sample_rate: int


@dataclass(frozen=True)
class Plate:
    """Everything that is drawn."""

    caption: str
    start: Fraction
    """Seconds of the clip at which it begins."""
    duration: Fraction
    frames: NDArray[np.uint8]
    """(K, H, W, 3) in RGB, each from the middle of its Kth of the time."""
    sounds: tuple[Sound, ...]
    small_print: str
    """Clip, seed, weights, licence, settings."""


@dataclass(frozen=True)
class PlateOptions:
    """Which part of the clip, and how its sounds are made."""

    rendering: RenderOptions = field(default_factory=RenderOptions)
    start: Fraction = Fraction(0)
    """seconds from the clip's first frame"""
    end: Fraction | None = None
    """seconds from the clip's first frame; None is its end"""
    frames: int = 6


def prepare(clip: Path, caption: str, options: PlateOptions, listen: Listener = ignore) -> Plate:
    """The clip's frames, the sounds that text-only AudioLDM and DiffAVA make of it, and its own."""
    seconds = None if options.end is None else options.end - options.start
    if seconds is not None and seconds <= 0:
        raise MediaError(f"{clip}: the end comes before the start; check --start and --end")
    part = excerpt(clip, caption, options.start, seconds)
    studio = Studio(options.rendering, listen)
    compared = able(systems(options.rendering.settings), studio)
    made = tuple(_made(part, system, studio, listen) for system in compared)
    return Plate(
        caption=caption,
        start=part.start,
        duration=part.duration,
        frames=_frames(part, options.frames),
        sounds=(*made, *_own(part)),
        small_print=_small_print(part, studio),
    )


def _made(part: Excerpt, system: System, studio: Studio, listen: Listener) -> Sound:
    """The best take of a system."""
    options = studio.options
    listen(
        ShotStarted(system.id, system.title, part.caption, part.start, part.duration, options.takes)
    )
    take = studio.asked_for(seed=options.seed, settings=system.settings).make(
        part.request,
        range(options.seed, options.seed + options.takes),
        lambda step, steps: listen(StepDone(system.id, step, steps)),
    )[0]
    listen(ShotDone(system.id, system.title, part.caption, (), take.warnings))
    return Sound(system.title, take.samples[0], take.sample_rate)


def _own(part: Excerpt) -> Iterator[Sound]:
    if probe(part.source).has_audio:
        yield Sound("The clip's own sound", own_sound(part, SAMPLE_RATE), SAMPLE_RATE)


def _frames(part: Excerpt, count: int) -> NDArray[np.uint8]:
    """So many frames, each from the middle of its part of the time."""
    moments = [part.start + part.duration * Fraction(2 * n + 1, 2 * count) for n in range(count)]
    with open_video(part.source) as reader:
        return reader.frames(moments, SHORT_SIDE)


def _small_print(part: Excerpt, studio: Studio) -> str:
    weights, options = studio.weights, studio.options
    settings = options.settings.resolve(weights)
    seeds = f"seed {options.seed}"
    if options.takes > 1:
        seeds = f"best of seeds {options.seed} to {options.seed + options.takes - 1}"
    parts = (
        part.source.path.name,
        seeds,
        settings.in_words,
        f"weights {weights.id}, {weights.licence}",
        f"alignment {options.alignment.name}" if options.alignment else "",
    )
    return " · ".join(text for text in parts if text)
