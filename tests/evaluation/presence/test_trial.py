from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_weights import build

from diffava_foley.evaluation.judges import Verdict
from diffava_foley.evaluation.presence import report, scenes, trial
from diffava_foley.evaluation.presence.trial import Heard, Outcome
from diffava_foley.media.movies import write_movie
from diffava_foley.model.settings import Settings
from diffava_foley.pipeline import FoleyPipeline
from diffava_foley.training.embedded import pictures
from diffava_foley.training.embedded.pictures import Picture

RATE = Fraction(24)


class Ear:
    """A judge that hears dogs where it is loud, and a cat at the very end."""

    name = "ear"
    names = ("Bark", "Meow", "Silence", "A", "B", "C", "D")
    listened = 0

    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        self.listened += 1
        parts = np.array_split(wave, 8)
        loud = np.array([float(np.abs(part).mean()) for part in parts])
        logits = np.full((8, len(self.names)), -9.0, np.float32)
        logits[:, 0] = np.where(loud > loud.mean(), 5.0, -5.0)
        logits[-1, 1] = 5.0
        logits[:, 2:6] = 1.0
        return Verdict(logits, np.zeros((8, 2), np.float32), Fraction(1, 2))


def stay(sound: str, begin: int, end: int) -> scenes.Stay:
    picture = Picture(sound, pictures.HELD_OUT, pictures.STAMPS, "x.png", "somebody")
    return scenes.Stay(
        picture, Fraction(begin), Fraction(end), "cut", 0.5, (0.5, 0.5), mirrored=False
    )


def scene(*stays: scenes.Stay) -> scenes.Scene:
    return scenes.Scene("two-000", "a dog and a cat", "colours", 0, stays, Fraction(4))


def test_the_judge_is_asked_for_each_object_in_its_time() -> None:
    wave = np.concatenate([np.zeros(1000), np.ones(1000), np.zeros(2000)]).astype(np.float32)

    outcome = trial.listen(Ear(), scene(stay("dog", 1, 2), stay("cat", 3, 4)), wave, 1000)

    dog, cat = outcome.heard
    assert [round(p, 2) for p in dog.scores] == [0.01, 0.01, 0.99, 0.99, 0.01, 0.01, 0.01, 0.01]
    assert dog.in_view == (False, False, True, True, False, False, False, False)
    assert cat.in_view == (False,) * 6 + (True, True)
    assert (dog.recognised, cat.recognised) == (True, False)  # the dog is fifth of seven
    assert report.presence([outcome]) > 2


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> FoleyPipeline:
    folder = tmp_path_factory.mktemp("weights") / "tiny"
    return FoleyPipeline.from_weights(str(build(folder)), device="cpu", precision="float32")


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    frames = random.integers(0, 256, (96, 48, 64, 3), dtype=np.uint8)
    return write_movie(tmp_path / "clip.mp4", frames, RATE, (64, 48))


def test_only_the_systems_that_look_hear_the_picture(pipeline: FoleyPipeline, movie: Path) -> None:
    one = scene(stay("dog", 1, 2))
    waves = {
        system.name: trial.sound(pipeline, one, movie, system.settings, 0)[0]
        for system in trial.systems(Settings(steps=1))
    }

    assert list(waves) == ["text-only", "global", "per-second"]
    assert len({wave.tobytes() for wave in waves.values()}) == 3
    assert {len(wave) for wave in waves.values()} == {4 * pipeline.models.geometry.sample_rate}


def test_ways_of_presence_are_systems_of_their_own() -> None:
    names = [system.name for system in trial.systems(Settings(), ["off", "gain"])]

    assert names == ["text-only", "global", "per-second, off", "per-second, gain"]


def test_what_was_heard_is_kept_and_found_again(
    pipeline: FoleyPipeline, movie: Path, tmp_path: Path
) -> None:
    one, ear = scene(stay("dog", 1, 2)), Ear()
    (system, _, other) = trial.systems(Settings(steps=1))

    def heard(chosen: trial.System) -> Sequence[Outcome]:
        return trial.run([(one, movie)], pipeline, ear, chosen, keep=tmp_path / "kept")

    first = heard(system)
    assert heard(system) == first
    assert ear.listened == 1
    heard(other)
    assert ear.listened == 2


def outcome(*heard: tuple[list[float], str, bool]) -> Outcome:
    return Outcome(
        "x",
        tuple(
            Heard("dog", tuple(scores), tuple(letter == "x" for letter in view), known)
            for scores, view, known in heard
        ),
    )


def test_a_row_of_hand_worked_outcomes() -> None:
    one = outcome(([0.8, 0.0, 0.1, 0.1], "x...", True))  # 3.2 times chance
    right = outcome(([0.9, 0.1, 0.0, 0.0], "x...", True), ([0.0, 0.0, 0.0, 1.0], "...x", True))
    wrong = outcome(([0.0, 0.0, 0.0, 1.0], "x...", False), ([1.0, 0.0, 0.0, 0.0], "...x", True))

    row = report.row("x", [one, right, wrong])

    # In view 0.8 + 0.9 + 1 + 0 + 0 of 5, against a quarter of it by chance.
    assert row.presence.value == pytest.approx(2.7 / 1.25)
    assert row.presence.low <= row.presence.value <= row.presence.high
    assert (row.order.value, row.order.count) == (0.5, 2)
    assert row.recognised.value == pytest.approx(4 / 5)
    assert row.while_seen.value == pytest.approx(2.7 / 5)


def test_a_system_beside_itself_is_once_as_good_whatever_clips_are_drawn() -> None:
    some = [
        outcome(([0.8, 0.0, 0.1, 0.1], "x...", True)),
        outcome(([0.2, 0.5, 0.1, 0.3], "x...", True)),
    ]

    times = report.ratio(some, some)

    assert (times.value, times.low, times.high) == (1, 1, 1)


def test_the_table_says_every_figure_with_its_interval_and_its_count() -> None:
    some = [outcome(([0.8, 0.0, 0.1, 0.1], "x...", True))]

    told = report.markdown(
        [report.row("per-second", some)], {"per-second": report.ratio(some, some)}
    )

    line = told.splitlines()[-1]
    assert line.startswith(
        "| per-second | 3.20 (3.20 to 3.20), n = 1 | 1.00 (1.00 to 1.00), n = 1 |"
    )
    assert line.endswith("| 100 % (100 to 100), n = 1 | 0.80 (0.80 to 0.80), n = 1 |")
