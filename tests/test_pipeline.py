from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tiny_weights import build
from torch import Tensor

from diffava_foley.errors import BadTake, CaptionError, FoleyError, WeightsError
from diffava_foley.media.windows import sample_count
from diffava_foley.model import decoding, diffusion
from diffava_foley.model.presence import Presence
from diffava_foley.pipeline import FoleyPipeline, Settings, Take

CPU = {"device": "cpu", "precision": "float32"}
SHOT = Fraction(4)


@pytest.fixture(scope="module")
def pipeline(tiny_weights: Path) -> FoleyPipeline:
    return FoleyPipeline.from_weights(str(tiny_weights), **CPU)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> FoleyPipeline:
    """The same weights, with an alignment whose gate was never opened."""
    folder = tmp_path_factory.mktemp("weights") / "untrained"
    return FoleyPipeline.from_weights(str(build(folder, trained=False)), **CPU)


def windows(seconds: int = 4, seed: int = 0) -> list[NDArray[np.uint8] | None]:
    """Noise that gets brighter from second to second."""
    noise = np.random.default_rng(seed).random((seconds, 8, 32, 40, 3))
    brighter = np.linspace(20, 255, seconds)[:, None, None, None, None]
    return list((noise * brighter).astype(np.uint8))


GAIN = Settings(presence="gain")


def one(
    pipeline: FoleyPipeline, frames: object, caption: str = "a dog barks", **options: object
) -> Take:
    (take,) = pipeline(frames, caption, SHOT, **options)  # type: ignore[arg-type]
    return take


def same(a: Take, b: Take) -> bool:
    return np.array_equal(a.samples, b.samples)


@pytest.mark.parametrize("conditioning", ["global", "per-second"])
def test_an_untrained_module_is_plain_audioldm_to_the_last_bit(
    untrained: FoleyPipeline, conditioning: str
) -> None:
    settings = Settings(conditioning=conditioning)
    plain = FoleyPipeline(replace(untrained.models, alignment=None, video_encoder=None))

    assert same(one(untrained, windows(), settings=settings), one(plain, None, settings=settings))


@pytest.mark.parametrize("nothing", [None, [], [None, None, None, None]])
def test_a_missing_picture_is_plain_audioldm_to_the_last_bit(
    pipeline: FoleyPipeline, nothing: object
) -> None:
    plain = FoleyPipeline(replace(pipeline.models, alignment=None, video_encoder=None))

    assert same(one(pipeline, nothing), one(plain, None))


def test_text_only_is_plain_audioldm_to_the_last_bit_and_says_nothing(
    pipeline: FoleyPipeline,
) -> None:
    plain = FoleyPipeline(replace(pipeline.models, alignment=None, video_encoder=None))
    settings = Settings(conditioning="text-only")

    for blind in (one(pipeline, windows(), settings=settings), one(plain, [], settings=settings)):
        assert same(blind, one(plain, None))
        assert blind.warnings == ()


def test_the_picture_changes_the_sound_of_a_trained_module(pipeline: FoleyPipeline) -> None:
    heard = one(pipeline, windows())

    assert not same(heard, one(pipeline, None))
    assert not same(heard, one(pipeline, windows(seed=1)))
    assert not same(heard, one(pipeline, windows(), settings=Settings(conditioning="global")))


def test_the_embedded_geometry_looks_too(tiny_embedded_weights: Path) -> None:
    pipeline = FoleyPipeline.from_weights(str(tiny_embedded_weights), **CPU)

    heard = one(pipeline, windows())

    assert not same(heard, one(pipeline, None))
    assert (heard.sample_rate, heard.samples.shape) == (22_050, (1, 88_200))


@pytest.mark.parametrize(
    "seconds", ["1/4", "1001/24000", "0.9", "1", "2.345", "5", "10.24", "11", "25"]
)
@pytest.mark.parametrize("kind", ["tiny_weights", "tiny_embedded_weights"])
def test_any_length_is_exact_to_the_sample(
    request: pytest.FixtureRequest, kind: str, seconds: str
) -> None:
    pipeline = FoleyPipeline.from_weights(str(request.getfixturevalue(kind)), **CPU)
    duration = Fraction(seconds)

    (take,) = pipeline(None, "rain", duration, settings=Settings(steps=1))

    assert take.samples.shape == (1, sample_count(duration, take.sample_rate))
    assert take.samples.dtype == np.float32
    assert np.isfinite(take.samples).all()


def present(pipeline: FoleyPipeline, odds: list[float], quiet: str = "") -> FoleyPipeline:
    """The pipeline with an alignment that says how likely the object is in view each second."""

    class Told(Presence):
        def forward(self, seen: Tensor, text: Tensor) -> Tensor:
            return torch.tensor([odds])

    models = pipeline.models
    alignment = deepcopy(models.alignment)
    assert alignment is not None
    alignment.presence = Told(alignment.config.text_width)
    weights = replace(models.weights, quiet=quiet)
    return FoleyPipeline(replace(models, alignment=alignment, weights=weights))


def test_gain_is_silent_where_the_object_is_out_of_view(pipeline: FoleyPipeline) -> None:
    plain = one(pipeline, windows())

    heard = one(present(pipeline, [-9, 9, 9, -9]), windows(), settings=GAIN)

    half = plain.sample_rate // 2
    assert heard.samples.shape == plain.samples.shape
    assert not heard.samples[0, :half].any()
    assert heard.samples[0, 3 * half : 5 * half].all()
    assert not heard.samples[0, -half:].any()
    assert same(one(present(pipeline, [9, 9, 9, 9]), windows(), settings=GAIN), plain)


def test_an_object_that_never_comes_into_view_is_heard_throughout(pipeline: FoleyPipeline) -> None:
    hidden = present(pipeline, [-9, -9, -9, -9], quiet="silence")

    assert same(
        one(hidden, windows(), settings=Settings(presence="both")), one(pipeline, windows())
    )


def test_an_alignment_that_was_not_taught_presence_leaves_the_sound(
    pipeline: FoleyPipeline,
) -> None:
    plain = one(pipeline, windows())

    assert same(one(pipeline, windows(), settings=Settings(presence="both")), plain)


def test_a_take_says_what_it_was_made_from(pipeline: FoleyPipeline) -> None:
    (take,) = pipeline(windows(), "a dog barks", SHOT, seed=11)

    assert (take.caption, take.seed, take.weights, take.licence) == (
        "a dog barks",
        11,
        "tiny",
        "CC0-1.0",
    )
    assert take.settings == Settings(2, 2.0, 1.0, "", "per-second", "ddim", "off", 0.0)
    assert take.warnings == ()


def test_the_same_seed_gives_the_same_bits(pipeline: FoleyPipeline) -> None:
    assert same(one(pipeline, windows(), seed=3), one(pipeline, windows(), seed=3))
    assert not same(one(pipeline, windows(), seed=3), one(pipeline, windows(), seed=4))


@pytest.mark.parametrize("sampler", ["ddim", "dpmpp-sde"])
def test_a_take_is_the_same_alone_as_among_others(pipeline: FoleyPipeline, sampler: str) -> None:
    settings = Settings(sampler=sampler)
    takes = pipeline(windows(), "a dog barks", SHOT, seed=3, takes=3, settings=settings)

    assert sorted(take.seed for take in takes) == [3, 4, 5]
    for take in takes:
        assert same(take, one(pipeline, windows(), seed=take.seed, settings=settings))


def test_the_global_random_state_is_left_alone(pipeline: FoleyPipeline) -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()

    one(pipeline, windows(), takes=1)

    assert torch.equal(before, torch.get_rng_state())


def test_takes_come_best_first_by_what_clap_hears(pipeline: FoleyPipeline) -> None:
    takes = pipeline(None, "a dog barks", SHOT, takes=4)

    scores = [take.score for take in takes]
    assert all(score is not None and -1 <= score <= 1 for score in scores)
    assert scores == sorted(scores, key=lambda score: -(score or 0))


def test_takes_without_an_ear_come_in_the_order_of_their_seeds(pipeline: FoleyPipeline) -> None:
    deaf = FoleyPipeline(replace(pipeline.models, ear=None))

    takes = deaf(None, "a dog barks", SHOT, takes=3)

    assert [(take.seed, take.score) for take in takes] == [(0, None), (1, None), (2, None)]


def test_a_picture_that_no_alignment_can_use_is_told(pipeline: FoleyPipeline) -> None:
    blind = FoleyPipeline(replace(pipeline.models, alignment=None))

    take = one(blind, windows())

    assert blind.eye is None
    assert take.warnings == ("the picture was not used: weights tiny have no alignment",)


def test_windows_are_taken_one_at_a_time(pipeline: FoleyPipeline) -> None:
    alive: list[int] = []

    def lazily() -> Iterator[NDArray[np.uint8]]:
        for number in range(4):
            alive.append(number)
            yield np.zeros((8, 32, 32, 3), np.uint8)

    one(pipeline, lazily())

    assert alive == [0, 1, 2, 3]


def test_progress_counts_the_steps_of_all_takes(pipeline: FoleyPipeline) -> None:
    told: list[tuple[int, int]] = []

    pipeline(
        None,
        "rain",
        SHOT,
        takes=2,
        settings=Settings(steps=3),
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(done, 6) for done in range(1, 7)]


def broken(
    monkeypatch: pytest.MonkeyPatch, value: float, seeds: tuple[int, ...] = (0, 1, 2)
) -> None:
    """Make the decoder give this value everywhere for these seeds."""
    drawn: list[int] = []
    noise, decode = diffusion.noise, decoding.decode

    def remember(geometry: object, length: int, seed: int) -> torch.Tensor:
        drawn.append(seed)
        return noise(geometry, length, seed)  # type: ignore[arg-type]

    def spoil(models: object, latents: torch.Tensor) -> torch.Tensor:
        sound = decode(models, latents)  # type: ignore[arg-type]
        return torch.full_like(sound, value) if drawn[-1] in seeds else sound

    monkeypatch.setattr(diffusion, "noise", remember)
    monkeypatch.setattr(decoding, "decode", spoil)


@pytest.mark.parametrize(
    ("value", "reason"),
    [(0.0, "silent"), (1e-4, "silent"), (1.0, "clipped"), (float("nan"), "not a number")],
)
def test_a_bad_take_is_never_delivered(
    pipeline: FoleyPipeline, monkeypatch: pytest.MonkeyPatch, value: float, reason: str
) -> None:
    broken(monkeypatch, value)

    with pytest.raises(BadTake, match=f"no take of 'a dog barks' is fit to hear.*{reason}"):
        pipeline(None, "a dog barks", SHOT, takes=3)


def test_a_bad_take_among_good_ones_is_left_out_and_told(
    pipeline: FoleyPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, float("nan"), seeds=(1,))

    takes = pipeline(None, "a dog barks", SHOT, takes=3)

    assert sorted(take.seed for take in takes) == [0, 2]
    for take in takes:
        assert take.warnings == ("the take of seed 1 was left out: it is not a number in places",)


def test_latents_that_overflow_are_a_bad_take(
    pipeline: FoleyPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AudioLDM's own code gives NaN from 20 s on (its issues 31 and 33), and delivers it."""
    denoise = diffusion.denoise
    monkeypatch.setattr(diffusion, "denoise", lambda *a, **k: denoise(*a, **k) * float("inf"))

    with pytest.raises(BadTake, match="not a number"):
        pipeline(None, "a dog barks", SHOT)


def test_a_full_gpu_is_told_in_one_line(
    pipeline: FoleyPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.cuda.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    monkeypatch.setattr(diffusion, "denoise", full)

    with pytest.raises(FoleyError, match="too little memory"):
        pipeline(None, "a dog barks", SHOT)


def test_a_shot_shorter_than_a_second_gets_the_loudest_stretch(
    pipeline: FoleyPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knock(models: object, latents: torch.Tensor) -> torch.Tensor:
        sound = torch.zeros(1, 40_000)
        sound[:, 30_000:30_400] = 0.5
        return sound

    monkeypatch.setattr(decoding, "decode", knock)

    (take,) = pipeline(None, "door slams", Fraction(1, 4))

    assert (take.samples == 0.5).sum() == 400


@pytest.mark.parametrize("caption", ["", "  \n"])
def test_an_empty_caption_is_refused(pipeline: FoleyPipeline, caption: str) -> None:
    with pytest.raises(CaptionError, match="the caption is empty"):
        pipeline(None, caption, SHOT)


@pytest.mark.parametrize("duration", [Fraction(0), Fraction(-1), Fraction(601)])
def test_an_impossible_duration_is_refused(pipeline: FoleyPipeline, duration: Fraction) -> None:
    with pytest.raises(FoleyError, match="at most 600 seconds"):
        pipeline(None, "rain", duration)


def test_no_takes_at_all_are_refused(pipeline: FoleyPipeline) -> None:
    with pytest.raises(FoleyError, match="at least one take"):
        pipeline(None, "rain", SHOT, takes=0)


def test_unknown_weights_are_refused() -> None:
    with pytest.raises(WeightsError, match="no weights 'nowhere'"):
        FoleyPipeline.from_weights("nowhere")


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_every_precision_gives_a_sound(tiny_weights: Path, precision: str) -> None:
    pipeline = FoleyPipeline.from_weights(str(tiny_weights), device="cpu", precision=precision)

    heard, again = one(pipeline, windows()), one(pipeline, windows())

    assert same(heard, again)
    assert np.isfinite(heard.samples).all()
