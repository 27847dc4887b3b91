"""The bench's clips get their sounds, and the judge says when it hears what."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import BadTake, EvaluationError
from diffava_foley.evaluation.judges import Judge
from diffava_foley.media.sources import MovieSource
from diffava_foley.media.video import VideoReader, open_video
from diffava_foley.media.windows import cut_windows, sample_count
from diffava_foley.model.settings import GLOBAL, PER_SECOND, TEXT_ONLY, WAY, Settings
from diffava_foley.model.video_encoders import VideoEncoder
from diffava_foley.pipeline import FoleyPipeline
from diffava_foley.store import JSON, key, replacing
from diffava_foley.training.embedded import classes

from . import scores
from .scenes import Scene

Wave = NDArray[np.float32]
Progress = Callable[[int, int], None]
SEEDS = 2**31


@dataclass(frozen=True)
class System:
    """One way to make the sounds."""

    name: str
    settings: Settings


@dataclass(frozen=True)
class Heard:
    """What the judge heard of one object in one sound."""

    sound: str
    """The name of what is to be heard."""
    scores: tuple[float, ...]
    """(P,) the probability of its class by patch."""
    in_view: tuple[bool, ...]
    """(P,) whether it is seen in the middle of the patch."""
    recognised: bool
    """Whether its class is in the judge's top five for the whole sound."""


@dataclass(frozen=True)
class Outcome:
    """What became of one scene in one system."""

    scene: str
    heard: tuple[Heard, ...]
    """By object, in the order of time."""


def systems(settings: Settings, presences: Sequence[str] = ()) -> tuple[System, ...]:
    """Text-only, the paper's one vector, and by the second; with every way of ``presences``."""
    ways = [replace(settings, conditioning=PER_SECOND, presence=way) for way in presences]
    return (
        System("text-only", replace(settings, conditioning=TEXT_ONLY)),
        System("global", replace(settings, conditioning=GLOBAL)),
        *(System(f"per-second, {way.presence}", way) for way in ways),
        *([System(PER_SECOND, replace(settings, conditioning=PER_SECOND))] if not ways else []),
    )


def run(
    planned: Sequence[tuple[Scene, Path]],
    pipeline: FoleyPipeline,
    judge: Judge,
    system: System,
    *,
    seed: int = 0,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """What is heard in each scene's sound; the seeds are the same for every system.

    With ``keep`` every outcome is written there, known by what made it, and found again.
    """
    outcomes = []
    for done, (scene, movie) in enumerate(planned, start=1):
        kept = keep / f"{_key(scene, movie, pipeline, judge, system, seed)}.json" if keep else None
        if kept is not None and kept.is_file():
            outcome = load(kept)
        else:
            outcome = listen(judge, scene, *sound(pipeline, scene, movie, system.settings, seed))
            if kept is not None:
                save(kept, outcome)
        outcomes.append(outcome)
        if progress is not None:
            progress(done, len(planned))
    return outcomes


def sound(
    pipeline: FoleyPipeline, scene: Scene, movie: Path, settings: Settings, seed: int
) -> tuple[Wave, int]:
    """The sound of a scene, (N,), and its sample rate; silence where no take is fit to hear."""
    own = int(key([scene.name, scene.caption, seed])[:8], 16) % SEEDS
    eye = pipeline.eye if settings.conditioning != TEXT_ONLY else None
    with open_video(MovieSource(movie)) as reader:
        frames = None if eye is None else windows(reader, scene.seconds, eye)
        try:
            take = pipeline(frames, scene.caption, scene.seconds, settings=settings, seed=own)[0]
        except BadTake:
            rate = pipeline.models.geometry.sample_rate
            return np.zeros(sample_count(scene.seconds, rate), np.float32), rate
    return take.samples[0], take.sample_rate


def windows(
    reader: VideoReader, seconds: Fraction, eye: VideoEncoder
) -> Iterator[NDArray[np.uint8]]:
    """The frames of each second, (F, H, W, 3), as the eye wants them."""
    for window in cut_windows(seconds, eye.frames_per_window):
        yield reader.frames(window.moments, eye.short_side)


def listen(judge: Judge, scene: Scene, wave: Wave, sample_rate: int) -> Outcome:
    """What the judge hears of each object in a sound of the scene."""
    verdict = judge.hear(wave, sample_rate)
    names = {name: index for index, name in enumerate(judge.names)}
    top = set(verdict.top(judge.names))
    patch = verdict.window or verdict.hop
    moments = scores.middles(len(verdict.logits), verdict.hop, patch)
    accepted = {sound.name: sound.judge for sound in classes.SOUNDS}
    heard = []
    for stay in scene.stays:
        columns = [names[name] for name in accepted[stay.sound] if name in names]
        if not columns:
            raise EvaluationError(f"judge {judge.name}: it does not know {stay.sound}; take YAMNet")
        heard.append(
            Heard(
                sound=stay.sound,
                scores=tuple(float(p) for p in verdict.scores[:, columns].max(axis=1)),
                in_view=tuple(bool(v) for v in scores.within(moments, stay.begin, stay.end)),
                recognised=bool(top & set(accepted[stay.sound])),
            )
        )
    return Outcome(scene.name, tuple(heard))


def save(path: Path, outcome: Outcome) -> None:
    """Writes what was heard, whole or not at all."""
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(asdict(outcome)) + "\n", "utf-8")


def load(path: Path) -> Outcome:
    """What :func:`save` wrote."""
    told = json.loads(path.read_text("utf-8"))
    return Outcome(told["scene"], tuple(_heard(heard) for heard in told["heard"]))


def _key(
    scene: Scene, movie: Path, pipeline: FoleyPipeline, judge: Judge, system: System, seed: int
) -> str:
    """The name of everything that changes what is heard."""
    weights = pipeline.models.weights
    alignment = pipeline.models.alignment
    tensors = alignment.state_dict().values() if alignment is not None else ()
    seen = sha256(b"".join(tensor.float().cpu().numpy().tobytes() for tensor in tensors))
    settings = asdict(system.settings.resolve(weights))
    made: list[JSON] = [WAY, weights.id, weights.revision, seen.hexdigest(), settings]
    made.append(str(pipeline.models.dtype))
    return key([scene.name, scene.caption, str(movie.stat().st_size), judge.name, seed, made])


def _heard(record: dict[str, list[float] | str | bool]) -> Heard:
    return Heard(
        sound=str(record["sound"]),
        scores=tuple(float(p) for p in np.atleast_1d(record["scores"])),
        in_view=tuple(bool(v) for v in np.atleast_1d(record["in_view"])),
        recognised=bool(record["recognised"]),
    )
