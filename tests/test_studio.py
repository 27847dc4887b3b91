"""A studio loads its model once, however often it is asked for other takes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media.drawing import Clip, draw

from diffava_foley.events import Event, WeightsChosen
from diffava_foley.media.sources import MovieSource
from diffava_foley.model.settings import Settings
from diffava_foley.rendering import Picture, RenderOptions, Request
from diffava_foley.studio import Studio


@pytest.fixture
def asked(tmp_path: Path) -> Request:
    """A second of rain."""
    source = MovieSource(draw(tmp_path / "clip.mp4", Clip(frames=24)))
    return Request(Picture(source, Fraction(1), tuple), "rain")


def options(weights: Path, **changes: object) -> RenderOptions:
    return RenderOptions(weights=str(weights), device="cpu", precision="float32", **changes)  # type: ignore[arg-type]


def make(studio: Studio, asked: Request) -> np.ndarray:
    seed = studio.options.seed
    (take,) = studio.make(asked, range(seed, seed + 1), lambda step, steps: None)
    return take.samples


def test_other_takes_are_those_of_a_studio_of_their_own(tiny_weights: Path, asked: Request) -> None:
    settings = Settings(conditioning="text-only")
    own = Studio(options(tiny_weights, seed=5, settings=settings), lambda event: None)

    shared = Studio(options(tiny_weights), lambda event: None).asked_for(seed=5, settings=settings)

    assert np.array_equal(make(shared, asked), make(own, asked))
    assert shared.identity() == own.identity()


def test_a_take_of_an_older_way_of_making_is_not_the_same_take(
    tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(options(tiny_weights), lambda event: None)
    now = studio.identity()

    monkeypatch.setattr("diffava_foley.studio.WAY", 1)

    assert studio.identity() != now


def test_the_model_is_loaded_once_and_the_weights_are_told_once(
    tiny_weights: Path, asked: Request
) -> None:
    told: list[Event] = []
    first = Studio(options(tiny_weights), told.append)
    blind = first.asked_for(seed=0, settings=Settings(conditioning="text-only"))

    assert not np.array_equal(make(blind, asked), make(first, asked))
    assert blind.pipeline is first.pipeline
    assert [type(event) for event in told] == [WeightsChosen]
