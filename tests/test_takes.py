"""A picture's takes are found again while nothing that changes the sound has changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media.drawing import Clip, draw

from diffava_foley.errors import BadTake, CaptionError, MediaError, MissingMedia
from diffava_foley.events import ignore
from diffava_foley.media.sources import MovieSource, SequenceSource, Source
from diffava_foley.model.settings import Settings
from diffava_foley.rendering import Picture, RenderOptions, Request
from diffava_foley.store import Store
from diffava_foley.studio import Studio
from diffava_foley.takes import Takes, complete, look_up

SECOND = Fraction(1)


@dataclass(frozen=True)
class FakeTake:
    samples: np.ndarray[Any, np.dtype[np.float32]]
    caption: str
    seed: int
    settings: Settings
    score: float | None
    sample_rate: int = 16_000
    weights: str = "fake"
    licence: str = "CC0-1.0"
    warnings: tuple[str, ...] = ()


class FakeStudio(Studio):
    """Makes noise at once; even seeds score better; notes what it was asked for."""

    def __init__(self, options: RenderOptions, bad: frozenset[int] = frozenset()) -> None:
        super().__init__(options, ignore)
        self.bad = bad
        self.made: list[int] = []

    def identity(self) -> str:
        return f"fake {self.options.settings} {self.options.weights}"

    def make(self, request: Request, seeds: range, progress: Callable[[int, int], None]) -> Any:
        self.made += seeds
        good = [seed for seed in seeds if seed not in self.bad]
        if not good:
            raise BadTake("the take is silent")
        return tuple(self.take(request, seed) for seed in good)

    def take(self, request: Request, seed: int) -> FakeTake:
        noise = np.random.default_rng(seed).uniform(-0.5, 0.5, (1, 16_000)).astype(np.float32)
        return FakeTake(noise, request.caption, seed, self.options.settings, 1 - seed % 2)


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    return MovieSource(draw(tmp_path / "clip.mp4", Clip(frames=24)))


@pytest.fixture
def shelf(tmp_path: Path) -> Store:
    return Store(tmp_path / "takes")


def request(source: Source, caption: str = "rain", start: Fraction = Fraction(0)) -> Request:
    return Request(Picture(source, SECOND, lambda m: tuple(start + x for x in m)), caption)


def takes(asked: Request, studio: FakeStudio, shelf: Store) -> Takes:
    return complete(look_up(asked, studio, shelf), studio, shelf, lambda step, steps: None)


def test_the_best_take_comes_first(movie: MovieSource, shelf: Store) -> None:
    done = takes(request(movie), FakeStudio(RenderOptions(takes=4, seed=1)), shelf)

    assert [take.seed for take in done.takes] == [2, 4, 1, 3]
    assert all(take.sound.is_file() for take in done.takes)


def test_a_second_time_nothing_is_made(movie: MovieSource, shelf: Store) -> None:
    first = takes(request(movie), FakeStudio(RenderOptions(takes=2)), shelf)
    studio = FakeStudio(RenderOptions(takes=2))

    second = takes(request(movie), studio, shelf)

    assert studio.made == []
    assert second.takes == tuple(replace(take, reused=True) for take in first.takes)


def test_more_takes_make_only_those_that_are_missing(movie: MovieSource, shelf: Store) -> None:
    takes(request(movie), FakeStudio(RenderOptions(takes=2, seed=2)), shelf)
    studio = FakeStudio(RenderOptions(takes=5, seed=0))

    done = takes(request(movie), studio, shelf)

    assert studio.made == [0, 1, 4]
    assert len(done.takes) == 5


@pytest.mark.parametrize(
    "options",
    [
        RenderOptions(seed=1),
        RenderOptions(weights="other"),
        RenderOptions(settings=Settings(steps=3)),
        RenderOptions(settings=Settings(negative="music")),
        RenderOptions(sample_rate=44_100),
        RenderOptions(channels=2),
        RenderOptions(bits=16),
        RenderOptions(suffix=".flac"),
    ],
)
def test_another_choice_is_another_take(
    movie: MovieSource, shelf: Store, options: RenderOptions
) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(options)

    takes(request(movie), studio, shelf)

    assert len(studio.made) == 1


def test_another_caption_or_another_stretch_is_another_take(
    movie: MovieSource, shelf: Store
) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(RenderOptions())

    takes(request(movie, caption="snow"), studio, shelf)
    takes(request(movie, start=Fraction(1, 24)), studio, shelf)

    assert studio.made == [0, 0]


def test_the_same_picture_elsewhere_is_the_same_take(
    movie: MovieSource, shelf: Store, tmp_path: Path
) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(RenderOptions())

    takes(request(MovieSource(movie.path.rename(tmp_path / "moved.mp4"))), studio, shelf)

    assert studio.made == []


def test_a_changed_picture_is_another_take(movie: MovieSource, shelf: Store) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(RenderOptions())
    draw(movie.path, Clip(frames=23))

    takes(request(movie), studio, shelf)

    assert studio.made == [0]


def test_only_the_images_looked_at_count_in_a_sequence(shelf: Store, tmp_path: Path) -> None:
    images = SequenceSource(tmp_path, "a", ".png", 1, 0, 48, Fraction(24))
    for n in range(48):
        images.image(n).write_bytes(bytes([n]))
    takes(request(images), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(RenderOptions())

    images.image(40).write_bytes(b"not in the first second")
    takes(request(images), studio, shelf)
    assert studio.made == []

    images.image(1).write_bytes(b"in the first second")
    takes(request(images), studio, shelf)
    assert studio.made == [0]


def test_a_bad_take_among_good_ones_is_dropped_told_and_not_made_again(
    movie: MovieSource, shelf: Store
) -> None:
    first = FakeStudio(RenderOptions(takes=3), bad=frozenset({1}))
    again = FakeStudio(RenderOptions(takes=3), bad=frozenset({1}))

    done = takes(request(movie), first, shelf)
    assert {take.seed for take in done.takes} == {0, 2}

    done = takes(request(movie), again, shelf)
    assert {take.seed for take in done.takes} == {0, 2}
    assert again.made == []


def test_a_shot_with_bad_takes_only_fails_and_is_tried_again(
    movie: MovieSource, shelf: Store
) -> None:
    options = RenderOptions()
    with pytest.raises(BadTake, match="silent"):
        takes(request(movie), FakeStudio(options, bad=frozenset({0})), shelf)

    assert len(takes(request(movie), FakeStudio(options), shelf).takes) == 1


def test_an_interrupt_keeps_what_was_finished(movie: MovieSource, shelf: Store) -> None:
    class Interrupted(FakeStudio):
        def make(self, *arguments: Any) -> Any:
            if self.made:
                raise KeyboardInterrupt
            return super().make(*arguments)

    takes(request(movie), FakeStudio(RenderOptions(seed=1)), shelf)
    with pytest.raises(KeyboardInterrupt):
        takes(request(movie), Interrupted(RenderOptions(takes=3)), shelf)
    studio = FakeStudio(RenderOptions(takes=3))

    takes(request(movie), studio, shelf)

    assert studio.made == [2]


def test_a_picture_that_went_away_is_missing_media(shelf: Store, tmp_path: Path) -> None:
    with pytest.raises(MissingMedia, match=r"gone\.mp4"):
        look_up(request(MovieSource(tmp_path / "gone.mp4")), FakeStudio(RenderOptions()), shelf)


def test_an_empty_caption_and_a_shot_without_length_are_refused(movie: MovieSource) -> None:
    with pytest.raises(CaptionError):
        request(movie, caption=" \n")
    with pytest.raises(MediaError, match="no length"):
        Request(Picture(movie, Fraction(0), tuple), "rain")
