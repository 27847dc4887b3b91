"""The bench on disk: movies, and the manifest that says what is in view when, and whose it is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from diffava_foley.errors import FoleyError
from diffava_foley.media.movies import write_movie
from diffava_foley.store import replacing
from diffava_foley.training.embedded import pictures
from diffava_foley.training.embedded.pictures import Collections, Picture

from . import drawing, scenes
from .scenes import Scene, Stay

MANIFEST = "bench.json"
SUFFIX = ".mp4"
Progress = Callable[[int, int], None]


def build(
    folder: Path,
    collections: Collections,
    *,
    ones: int,
    twos: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Scene, ...]:
    """The scenes of a bench that is now in ``folder``: its movies and its manifest.

    Drawn from held-out pictures alone. The same seed and collections give the same scenes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    planned = scenes.plan(pictures.read(pictures.HELD_OUT), random, ones, twos)
    for done, scene in enumerate(planned, start=1):
        drawn = drawing.frames(scene, collections)
        path = folder / (scene.name + SUFFIX)
        write_movie(path, drawn, scenes.RATE, (drawing.WIDTH, drawing.HEIGHT))
        if progress is not None:
            progress(done, len(planned))
    with replacing(folder / MANIFEST) as unfinished:
        unfinished.write_text(json.dumps(_told(planned, seed), indent=1) + "\n", "utf-8")
    return planned


def read(folder: Path) -> tuple[Scene, ...]:
    """The scenes of the bench in a folder."""
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text("utf-8"))
        return tuple(_scene(dict(scene)) for scene in told["scenes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FoleyError(
            f"no bench in {folder}, make one with `evaluate presence build`: {error}"
        ) from error


def movies(folder: Path, planned: Sequence[Scene]) -> tuple[tuple[Scene, Path], ...]:
    """Each scene with its movie."""
    return tuple((scene, folder / (scene.name + SUFFIX)) for scene in planned)


def some(
    planned: Sequence[Scene], clips: int | None, known: Sequence[str] | None
) -> tuple[Scene, ...]:
    """The first so many scenes of one object, and of two, whose sounds are all known."""
    right = [
        scene
        for scene in planned
        if known is None or all(stay.sound in known for stay in scene.stays)
    ]
    return tuple(
        scene
        for count in (1, 2)
        for scene in [one for one in right if len(one.stays) == count][:clips]
    )


def _told(planned: tuple[Scene, ...], seed: int) -> dict[str, Any]:
    told = [asdict(scene) for scene in planned]
    for scene, record in zip(planned, told, strict=True):
        record["seconds"] = str(scene.seconds)
        for stay, stayed in zip(scene.stays, record["stays"], strict=True):
            stayed |= {"begin": str(stay.begin), "end": str(stay.end)}
            stayed["picture"]["licence"] = stay.picture.licence
    return {"seed": seed, "rate": str(scenes.RATE), "scenes": told}


def _scene(record: dict[str, Any]) -> Scene:
    stays = tuple(_stay(dict(stay)) for stay in record.pop("stays"))
    return Scene(stays=stays, seconds=Fraction(record.pop("seconds")), **record)


def _stay(record: dict[str, Any]) -> Stay:
    picture = dict(record.pop("picture"))
    picture.pop("licence")
    return Stay(
        picture=Picture(**picture),
        begin=Fraction(record.pop("begin")),
        end=Fraction(record.pop("end")),
        place=tuple(record.pop("place")),
        **record,
    )
