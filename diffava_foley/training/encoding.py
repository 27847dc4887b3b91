"""The frozen encoders whose features are learned from: an eye, a reader of captions, an ear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import ClapTextModelWithProjection

from diffava_foley.errors import CheckpointMismatch, TrainingError, WeightsError
from diffava_foley.media.audio import Sound, read_audio
from diffava_foley.media.sources import source_from_path
from diffava_foley.media.video import open_video
from diffava_foley.media.windows import cut_windows, nearest, sample_count
from diffava_foley.model import devices, hub, models, parts, towers, weights
from diffava_foley.model.claps import Clap
from diffava_foley.model.hub import Progress
from diffava_foley.model.video_encoders import VideoEncoder
from diffava_foley.store import fingerprint

from .features import PRECISION, Features, Made
from .manifests import Clip

LONGEST = Fraction(10)  # seconds: AudioCaps' clips, and the reach of the transformer
LONGEST_CUT = Fraction(11)  # seconds: what an AudioCaps clip that was cut out may last
PROBES = ("a dog barks", "rain falls on a roof", "a train passes")
SAME_SPACE = 0.99  # cosine of one caption as two towers of one CLAP read it


@dataclass(frozen=True)
class Encoders:
    """What makes the features, and what it goes by."""

    made: Made
    eye: VideoEncoder
    ear: Clap
    read: Callable[[Sequence[str]], Tensor]
    """Captions to vectors of unit length, (K, D), as the diffusion model is given them."""


@dataclass(frozen=True)
class Material:
    """A clip, decoded."""

    frames: NDArray[np.uint8]
    """(T, F, H, W, 3), RGB"""
    sound: Sound
    """(1, N), as long as the picture"""


def open_encoders(
    spec: str,
    *,
    video_encoder: str | None = None,
    audio_encoder: str | None = None,
    device: str = "auto",
    offline: bool = False,
    progress: Progress | None = None,
) -> Encoders:
    """The encoders that belong to the AudioLDM ``spec``, or stand in for what it lacks.

    An ear that can read, too, must read as that AudioLDM does, or its space is another.
    """
    base = weights.resolve(spec, offline=offline, progress=progress)
    where, _ = devices.choose(device)
    text_encoder = parts.read(ClapTextModelWithProjection, base.folder / "text_encoder", where)
    tokenizer = towers.read_tokenizer(base.folder / "tokenizer")
    eye = models.open_eye(base, video_encoder, where, offline)
    ear = models.open_ear(base, audio_encoder, text_encoder, tokenizer, where, offline)
    if eye is None or ear is None:
        lacking, option = ("eye", "video") if eye is None else ("ear", "audio")
        raise WeightsError(f"weights {base.id} come without an {lacking}: give --{option}-encoder")
    read = partial(towers.embed_text, text_encoder, tokenizer)
    _check_space(base.id, read, ear)
    made = Made(
        base=base.id,
        clap=base.clap,
        video=_identity(video_encoder, base.folder / "video_encoder"),
        audio=_identity(audio_encoder, base.folder / "audio_encoder"),
        video_width=eye.width,
        text_width=ear.width,
        names=(spec, video_encoder or "its own eye", audio_encoder or "its own ear"),
    )
    return Encoders(made, eye, ear, read)


def decode(encoders: Encoders, clip: Clip) -> Material:
    """The clip's picture, window by window, and its sound; both as long as the shorter is."""
    eye = encoders.eye
    with open_video(source_from_path(clip.file)) as reader:
        start, duration = _stretch(clip, reader.info.duration)
        rate = encoders.ear.sample_rate
        sound = read_audio(clip.file, rate, 1, start=start, duration=duration)
        duration = min(duration, sound.duration)
        # A last window of less than half a second shows and says too little.
        windows = cut_windows(duration, eye.frames_per_window)[: max(1, nearest(duration))]
        moments = [start + moment for window in windows for moment in window.moments]
        frames = reader.frames(moments, eye.short_side)  # (T * F, H, W, 3)
    samples = sound.samples[:, : sample_count(windows[-1].end, rate)]
    return Material(frames.reshape(len(windows), -1, *frames.shape[1:]), Sound(samples, rate))


def encode(encoders: Encoders, clip: Clip, material: Material) -> Features:
    """What the encoders make of a clip, on the CPU."""
    sound = material.sound
    wave = torch.from_numpy(sound.samples)  # (1, N)
    *full, last = wave.split(sound.sample_rate, dim=1)  # (1, n) each, a second but for the last
    waves = [torch.cat(full), last] if full else [last]
    heard = [encoders.ear.embed_audio(some, sound.sample_rate) for some in waves]
    features = Features(
        video=encoders.eye(material.frames).float().cpu(),
        audio=torch.cat(heard).float().cpu(),
        whole=encoders.ear.embed_audio(wave, sound.sample_rate)[0].float().cpu(),
        text=encoders.read(clip.captions).float().cpu(),
    )
    if not all(torch.isfinite(part.to(PRECISION)).all() for part in vars(features).values()):
        raise TrainingError(f"{clip.file}: the encoders made something of it that is no number")
    return features


def _stretch(clip: Clip, length: Fraction | None) -> tuple[Fraction, Fraction]:
    """Where the clip begins in its file, and how long it lasts, at most ``LONGEST``."""
    if length is None:
        raise TrainingError(f"{clip.file}: this is a still; give a movie with its sound")
    cut = clip.cut or (clip.perhaps_cut and length <= LONGEST_CUT)
    start = Fraction(0) if cut else clip.start
    duration = min(clip.duration or LONGEST, LONGEST, length - start)
    if duration <= 0:
        raise TrainingError(
            f"{clip.file}: lasts {float(length):g} s, so there is nothing at {float(start):g} s"
        )
    return start, duration


def _check_space(base: str, read: Callable[[Sequence[str]], Tensor], ear: Clap) -> None:
    """Refuses an ear that reads captions otherwise than the diffusion model is given them."""
    given = read(PROBES)  # (K, D)
    alike = (given * ear.embed_text(PROBES).to(given)).sum(dim=-1).min().item()
    if alike < SAME_SPACE:
        raise CheckpointMismatch(
            f"the audio encoder is of another CLAP than {base} has: they read a caption with a"
            f" cosine of {alike:.2f}; choose the one that {base} was trained with"
        )


def _identity(spec: str | None, own: Path) -> str:
    """What tells an encoder from others: its content, or its commit on the hub."""
    path = own if spec is None else Path(spec).expanduser()
    if path.is_dir():
        return weights.fingerprint(path)
    if path.is_file():
        return fingerprint(path)
    return hub.fetch(str(spec), offline=True).commit
