"""A test list becomes a table whose numbers are those of the files that were made."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from evaluation.juries import panns_file, vggish_file
from media.drawing import Clip, draw
from numpy.typing import NDArray
from training.footage import film, manifest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.comparison import Comparison, Sounds, Trial, judge, make_sounds
from diffava_foley.evaluation.jury import Jury, summon
from diffava_foley.evaluation.metrics.frechet import frechet
from diffava_foley.evaluation.metrics.kernel import kid
from diffava_foley.evaluation.metrics.records import Measure
from diffava_foley.events import Event, ShotStarted
from diffava_foley.model.settings import Settings
from diffava_foley.rendering import RenderOptions
from diffava_foley.studio import Studio

CLIPS = 5
CAPTIONS = ("rain falls", "a dog barks", "glass breaks", "the sea", "a train")
SYSTEMS = ("text_only", "diffava")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five clips with sounds of their own, and a list of them."""
    folder = tmp_path_factory.mktemp("clips")
    for number in range(CLIPS):
        film(folder / f"{number}.mp4", 1, pitch=200 * 2**number)
    rows = [[f"{n}.mp4", 0, caption] for n, caption in enumerate(CAPTIONS)]
    manifest(folder / "list.csv", rows, "clip,start,caption")
    return folder


@pytest.fixture(scope="module")
def trial(media: Path, tiny_weights: Path) -> Trial:
    options = RenderOptions(
        weights=str(tiny_weights), settings=Settings(steps=1), device="cpu", precision="float32"
    )
    return Trial(media / "list.csv", rendering=options)


@pytest.fixture(scope="module")
def jury(tmp_path_factory: pytest.TempPathFactory, tiny_weights: Path) -> Jury:
    folder = tmp_path_factory.mktemp("judges")
    specs = (f"panns:{panns_file(folder / 'p.pth')}", f"vggish:{vggish_file(folder / 'v.pth')}")
    return summon(specs, None, str(tiny_weights), offline=True, device="cpu")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sounds")


@pytest.fixture(scope="module")
def sounds(trial: Trial, shelf: Path) -> Sounds:
    return make_sounds(trial, shelf)


@pytest.fixture(scope="module")
def comparison(sounds: Sounds, jury: Jury) -> Comparison:
    return judge(sounds, jury)


def waves(sounds: Sounds, system: str) -> list[NDArray[np.float32]]:
    """The sounds of a system as their files have them."""
    read = [soundfile.read(one.sounds[system], dtype="float32") for one in sounds.tried]
    assert {rate for _, rate in read} == {16_000}
    return [wave for wave, _ in read]


def measures(comparison: Comparison, system: str) -> dict[str, Measure]:
    (table,) = comparison.tables
    return dict(next(row for row in table.rows if row.id == system).measures)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_numbers_are_those_of_the_files(
    comparison: Comparison, sounds: Sounds, jury: Jury, system: str
) -> None:
    panns, vggish = jury.judges
    own = [panns.hear(wave, 16_000) for wave in waves(sounds, "own")]
    made = [panns.hear(wave, 16_000) for wave in waves(sounds, system)]
    p = softmax(np.stack([verdict.clip_logits for verdict in own]).astype(np.float64))
    q = softmax(np.stack([verdict.clip_logits for verdict in made]).astype(np.float64))
    a = np.stack([verdict.clip_embedding for verdict in own])
    b = np.stack([verdict.clip_embedding for verdict in made])
    frames = [
        np.concatenate([vggish.hear(wave, 16_000).embeddings for wave in waves(sounds, which)])
        for which in ("own", system)
    ]
    assert jury.clap is not None
    cosines = [
        float(
            jury.clap.embed_audio(torch.from_numpy(wave[None]), 16_000)[0]
            @ jury.clap.embed_text([one.excerpt.caption])[0]
        )
        for one, wave in zip(sounds.tried, waves(sounds, system), strict=True)
    ]

    found = measures(comparison, system)

    assert found["kl_softmax"].value == pytest.approx(
        (p * (np.log(p) - np.log(q + 1e-6))).sum(axis=1).mean(), rel=1e-4
    )
    assert found["is"].value == pytest.approx(
        np.exp((q * np.log(q / q.mean(axis=0))).sum(axis=1).mean()), rel=1e-4
    )
    assert found["fd"].value == pytest.approx(frechet(a, b), rel=1e-6)
    assert found["fad"].value == pytest.approx(frechet(*frames), rel=1e-6)
    assert found["kid"].value == pytest.approx(kid(a, b).mean, rel=1e-6)
    assert found["clap"].value == pytest.approx(np.mean(cosines), abs=1e-5)
    assert all(measure.n == CLIPS for measure in found.values())


def test_a_number_names_its_convention_and_its_judge(comparison: Comparison) -> None:
    found = measures(comparison, "diffava")

    assert found["kl_softmax"].name == "KL-softmax(ref||gen), audioldm_eval"
    assert {found[name].judge for name in ("is", "kl_softmax", "fd", "kid")} == {"PANNs Cnn14-16k"}
    assert (found["fad"].judge, found["clap"].judge) == ("VGGish", "tiny")


def test_the_own_sounds_are_measured_where_nothing_is_compared(comparison: Comparison) -> None:
    assert measures(comparison, "own").keys() == {"is", "clap", "av_align"}


def test_the_difference_is_diffava_less_text_only_by_the_same_clips(
    comparison: Comparison,
) -> None:
    blind, looks = (measures(comparison, system) for system in SYSTEMS)
    (table,) = comparison.tables

    assert table.difference is not None
    for name, measure in table.difference.measures.items():
        assert measure.value == pytest.approx(looks[name].value - blind[name].value)
        assert measure.interval is not None
        assert measure.interval.low <= measure.value <= measure.interval.high
    # Of the same clips the difference is surer than either number.
    kl, each = table.difference.measures["kl_softmax"].interval, blind["kl_softmax"].interval
    assert kl is not None
    assert each is not None
    assert kl.high - kl.low < each.high - each.low


def test_both_systems_have_the_same_seed_and_every_clip_its_own(sounds: Sounds) -> None:
    seeds = [one.seeds for one in sounds.tried]

    assert all(of["text_only"] == of["diffava"] for of in seeds)
    assert len({of["diffava"] for of in seeds}) == CLIPS
    for blind, looks in zip(*(waves(sounds, system) for system in SYSTEMS), strict=True):
        assert not np.array_equal(blind, looks)


def test_a_second_run_makes_nothing_and_finds_the_same(
    trial: Trial, shelf: Path, sounds: Sounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Studio, "make", None)

    assert make_sounds(trial, shelf) == sounds


def test_a_longer_list_makes_only_what_is_new(trial: Trial, tmp_path: Path, sounds: Sounds) -> None:
    told: list[Event] = []
    first = make_sounds(replace(trial, limit=1), tmp_path)

    second = make_sounds(replace(trial, limit=2), tmp_path, told.append)

    assert second.tried[:1] == first.tried
    assert len([event for event in told if isinstance(event, ShotStarted)]) == len(SYSTEMS)
    made = {one.excerpt.name: one.seeds for one in sounds.tried}
    assert all(made[one.excerpt.name] == one.seeds for one in second.tried)


def test_a_bad_clip_is_told_and_stops_nothing(trial: Trial, media: Path, tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("this is not a movie")
    draw(tmp_path / "silent.mp4", Clip(frames=24))
    film(tmp_path / "good.mp4", 1)
    names = ("good.mp4", "words.mp4", "silent.mp4", "gone.mp4")
    listed = manifest(
        tmp_path / "list.csv",
        [*([name, 0, "rain"] for name in names), ["good.mp4", "soon", "rain"]],
        "clip,start,caption",
    )

    made = make_sounds(replace(trial, listed=listed), tmp_path / "sounds")

    assert [one.excerpt.name for one in made.tried] == ["good.mp4"]
    reasons = {failed.name: failed.reason for failed in made.failed}
    assert reasons.keys() == set(names)
    assert "cannot be read as media" in reasons["words.mp4"]
    assert "no sound in this file" in reasons["silent.mp4"]
    assert "no such file" in reasons["gone.mp4"]
    assert "'soon' is no number" in reasons["good.mp4"]


def test_weights_without_alignment_are_compared_with_nothing(
    trial: Trial, tiny_weights: Path, tmp_path: Path
) -> None:
    blind = tmp_path / "blind"
    blind.mkdir()
    for part in tiny_weights.iterdir():
        if part.name != "alignment":
            (blind / part.name).symlink_to(part)
    options = replace(trial.rendering, weights=str(blind))

    made = make_sounds(replace(trial, rendering=options, limit=1), tmp_path / "sounds")
    comparison = judge(made, Jury())

    assert [row.id for row in comparison.tables[0].rows] == ["text_only", "own"]
    assert comparison.tables[0].difference is None
    assert "DiffAVA is left out" in comparison.notes[0]


def test_text_only_is_not_compared_with_itself(trial: Trial, tmp_path: Path) -> None:
    options = replace(trial.rendering, settings=Settings(conditioning="text-only"))

    with pytest.raises(EvaluationError, match="compared anyway"):
        make_sounds(replace(trial, rendering=options), tmp_path)


def test_a_clip_is_tried_for_ten_seconds_at_most_unless_asked(trial: Trial, tmp_path: Path) -> None:
    made = make_sounds(replace(trial, limit=1, seconds=Fraction(3, 4)), tmp_path)

    assert waves(made, "own")[0].shape == waves(made, "diffava")[0].shape == (12_000,)


def test_nobody_is_missed_silently(sounds: Sounds) -> None:
    absent = Jury(absent=("IS, KL, FD and KID are empty", "CLAP is empty"))

    comparison = judge(sounds, absent)

    assert comparison.notes[:2] == absent.absent
    assert all(not row.measures for row in comparison.tables[0].rows)


def test_too_few_clips_are_warned_of(comparison: Comparison) -> None:
    notes = " ".join(comparison.notes)

    assert "64 values a clip and only 5 clips" in notes
    assert "below 128" in notes
    assert "IS is taken on all 5 clips at once" in notes
    assert "not comparable" in notes


def test_a_judge_that_was_asked_for_must_come(tiny_weights: Path, tmp_path: Path) -> None:
    def summoned(spec: str) -> Jury:
        return summon((spec,), None, str(tiny_weights), offline=True, device="cpu")

    with pytest.raises(EvaluationError, match="there is none of this name"):
        summoned("solomon")
    absent = summoned(f"panns:{panns_file(tmp_path / 'p.pth')}").absent
    assert any("FAD is empty" in line for line in absent)
