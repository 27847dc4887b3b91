"""A picture's takes are found again while nothing that changes the sound has changed."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media.drawing import Clip, draw
from wavinfo import WavInfoReader

from diffava_foley.errors import BadTake, CaptionError, MediaError, MissingMedia
from diffava_foley.events import ignore
from diffava_foley.media.audio import read_audio
from diffava_foley.media.loudness import loudness
from diffava_foley.media.sources import MovieSource, SequenceSource, Source
from diffava_foley.model.settings import Settings
from diffava_foley.rendering import Picture, RenderOptions, Request, Slate
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
    ],
)
def test_another_choice_is_another_take(
    movie: MovieSource, shelf: Store, options: RenderOptions
) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    studio = FakeStudio(options)

    takes(request(movie), studio, shelf)

    assert len(studio.made) == 1


OTHER_DELIVERIES = [
    RenderOptions(sample_rate=44_100),
    RenderOptions(channels=2),
    RenderOptions(bits=16),
    RenderOptions(suffix=".flac"),
    RenderOptions(loudness=-30.0),
    RenderOptions(true_peak=-9.0),
]


@pytest.mark.parametrize("options", OTHER_DELIVERIES)
def test_another_delivery_is_another_file_of_the_same_take(
    movie: MovieSource, shelf: Store, options: RenderOptions
) -> None:
    (before,) = takes(request(movie), FakeStudio(RenderOptions()), shelf).takes
    studio = FakeStudio(options)

    (after,) = takes(request(movie), studio, shelf).takes

    assert studio.made == []
    assert after.reused
    assert after.sound != before.sound
    assert after.sound.read_bytes() != before.sound.read_bytes()
    assert takes(request(movie), FakeStudio(RenderOptions()), shelf).takes[0].sound == before.sound


def test_another_place_on_the_timeline_is_told_in_another_file(
    movie: MovieSource, shelf: Store
) -> None:
    asked = request(movie)
    (first,) = takes(asked, FakeStudio(RenderOptions()), shelf).takes
    moved, studio = replace(asked, slate=Slate(moment=Fraction(3600))), FakeStudio(RenderOptions())

    (second,) = takes(moved, studio, shelf).takes

    assert studio.made == []
    assert [WavInfoReader(str(t.sound)).bext.time_reference for t in (first, second)] == [
        0,
        172_800_000,
    ]
    np.testing.assert_array_equal(read_audio(first.sound).samples, read_audio(second.sound).samples)


def test_the_date_of_a_take_is_when_the_model_made_it(
    movie: MovieSource, shelf: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")

    (take,) = takes(request(movie), FakeStudio(RenderOptions(bits=16)), shelf).takes

    bext = WavInfoReader(str(take.sound)).bext
    assert (bext.originator_date, bext.originator_time) == ("2001-09-09", "01:46:40")


def test_a_delivered_take_outlives_the_raw_one(movie: MovieSource, shelf: Store) -> None:
    takes(request(movie), FakeStudio(RenderOptions()), shelf)
    shutil.rmtree(shelf.root / "raw")
    studio = FakeStudio(RenderOptions())

    takes(request(movie), studio, shelf)

    assert studio.made == []


def test_the_record_beside_a_sound_tells_its_level(movie: MovieSource, shelf: Store) -> None:
    studio = FakeStudio(RenderOptions(loudness=-30.0))
    (take,) = takes(request(movie), studio, shelf).takes

    (path,) = shelf.root.glob("*.json")
    delivery = json.loads(path.read_text())["record"]["delivery"]
    raw = read_audio(next((shelf.root / "raw").glob("*.wav")), 48_000)
    assert delivery["loudness_lufs"] == pytest.approx(-30, abs=0.01)
    assert loudness(read_audio(take.sound).samples, 48_000) == pytest.approx(-30, abs=0.1)
    assert delivery["gain_db"] == pytest.approx(-30 - loudness(raw.samples, 48_000), abs=0.1)


def test_a_sound_whose_peaks_forbid_its_loudness_is_told(movie: MovieSource, shelf: Store) -> None:
    studio = FakeStudio(RenderOptions(loudness=-3.0))

    done = takes(request(movie), studio, shelf)

    assert "dB below -3 LUFS, since its peaks would rise above -1 dBTP" in done.warnings[0]


def test_takes_are_named_as_asked_and_never_written_over(movie: MovieSource, shelf: Store) -> None:
    named = Slate(names=("door_1", "door_2"))
    options = RenderOptions(takes=2)
    takes(replace(request(movie), slate=named), FakeStudio(options), shelf)
    before = {path: path.read_bytes() for path in shelf.root.glob("*.wav")}
    assert sorted(path.name for path in before) == ["door_1.wav", "door_2.wav"]

    takes(replace(request(movie, caption="snow"), slate=named), FakeStudio(options), shelf)
    again = takes(replace(request(movie), slate=named), FakeStudio(options), shelf)

    names = sorted(path.name for path in shelf.root.glob("*.wav"))
    assert names == ["door_1-2.wav", "door_1.wav", "door_2-2.wav", "door_2.wav"]
    assert {path: path.read_bytes() for path in before} == before
    assert {take.sound for take in again.takes} == set(before)


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
