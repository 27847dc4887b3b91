from fractions import Fraction

import numpy as np
import pytest
import torch

from diffava_foley.model import decoding, diffusion, sounding
from diffava_foley.model.looking import Voice
from diffava_foley.model.models import Models
from diffava_foley.model.settings import Settings

SHOT = Fraction(4)
TEXT = torch.nn.functional.normalize(torch.ones(1, 8), dim=-1)


def sound(models: Models, *voices: Voice, seed: int = 0, **options: object) -> np.ndarray:
    settings = Settings(steps=2).resolve(models.weights)
    return sounding.sound(models, voices, TEXT, SHOT, settings, seed, **options)  # type: ignore[arg-type]


def there(*seconds: float) -> torch.Tensor:
    return torch.tensor([seconds], dtype=torch.float32)


def test_a_voice_is_cut_into_the_stretches_in_which_it_is_heard(tiny: Models) -> None:
    rate = tiny.geometry.sample_rate

    first, last = sounding.cut(Voice(TEXT, there(1, 0, 0, 1)), 4 * rate, tiny, seed=3)

    assert (first.start, last.stop) == (0, 4 * rate)
    assert rate / 2 < first.stop < 1.5 * rate < 2.5 * rate < last.start < 3.5 * rate
    for stretch in (first, last):
        assert stretch.level is not None
        assert len(stretch.level) == stretch.stop - stretch.start
        assert stretch.level.min() > 0
    assert first.level is not None
    assert first.level[: rate // 2].min() == 1


@pytest.mark.parametrize("seen", [None, there(1, 1, 1, 1), there(1, 0.9, 1, 1)])
def test_what_is_heard_throughout_is_one_stretch(tiny: Models, seen: torch.Tensor | None) -> None:
    (stretch,) = sounding.cut(Voice(TEXT, seen), 40_000, tiny, seed=3)

    assert (stretch.start, stretch.stop, stretch.level) == (0, 40_000, None)


def test_a_stretch_is_made_from_the_shots_noise_at_its_place(
    tiny: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    denoise = diffusion.denoise

    def watched(models: Models, latents: torch.Tensor, *args: object, **options: object):  # type: ignore[no-untyped-def]
        made.append((options["begin"], latents))
        return denoise(models, latents, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(diffusion, "denoise", watched)
    sound(tiny, Voice(TEXT, there(0, 0, 1, 1)), seed=5)

    ((begin, latents),) = made
    noise = diffusion.noise(tiny.geometry, tiny.geometry.length(SHOT), 5)
    assert begin > 0
    assert latents.shape[2] < noise.shape[2]  # less to make than the whole shot
    assert torch.equal(latents, noise[:, :, begin : begin + latents.shape[2]])


def test_a_long_stretch_lies_where_it_was_made_for(
    tiny: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def denoise(models: Models, latents: torch.Tensor, *args: object, **options: int):  # type: ignore[no-untyped-def]
        begun.append(options["begin"] * models.geometry.samples_a_latent)
        return latents

    def clock(models: Models, latents: torch.Tensor) -> torch.Tensor:
        return torch.arange(float(latents.shape[2] * models.geometry.samples_a_latent))[None]

    monkeypatch.setattr(diffusion, "denoise", denoise)
    monkeypatch.setattr(decoding, "decode", clock)
    heard = sound(tiny, Voice(TEXT, there(0, 1, 1, 1)))

    moment = 2 * tiny.geometry.sample_rate
    assert begun[0] > 0
    assert heard[0, moment] == moment - begun[0]


def test_a_voice_is_silent_outside_its_stretches_and_voices_add_up(tiny: Models) -> None:
    rate = tiny.geometry.sample_rate
    early, late = Voice(TEXT, there(1, 0, 0, 0)), Voice(-TEXT, there(0, 0, 0, 1))

    alone, both = sound(tiny, early), sound(tiny, early, late)

    assert alone.shape == (1, 4 * rate)
    assert not alone[0, 2 * rate :].any()
    assert np.array_equal(both[0, : 2 * rate], alone[0, : 2 * rate])
    assert both[0, -rate // 2 :].any()


def test_voices_together_stay_within_full_scale(
    tiny: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "decode", lambda models, latents: torch.full((1, 10**5), 0.8))

    assert sound(tiny, Voice(TEXT)).max() == np.float32(0.8)
    assert sound(tiny, Voice(TEXT), Voice(-TEXT)).max() == 1


def test_two_voices_of_one_condition_do_not_repeat_each_other(tiny: Models) -> None:
    alone, twice = sound(tiny, Voice(TEXT)), sound(tiny, Voice(TEXT), Voice(TEXT))

    assert abs(np.corrcoef(twice[0] - alone[0], alone[0])[0, 1]) < 0.5


def test_progress_runs_evenly_through_all_stretches_to_its_end(tiny: Models) -> None:
    told: list[tuple[int, int]] = []

    sound(
        tiny,
        Voice(TEXT, there(1, 0, 0, 1)),
        Voice(-TEXT),
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(done, 6) for done in range(1, 7)]
