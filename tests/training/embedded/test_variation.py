import numpy as np
import pytest

from diffava_foley.training.embedded import clips, mel, variation

SILENCE = np.float32(clips.SILENCE)


def test_what_is_silent_stays_silent():
    clip = np.full((10, mel.N_MELS), SILENCE, np.float32)
    clip[4:6] = 1.0

    for seed in range(20):
        varied = variation.vary(clip, np.random.default_rng(seed))
        assert (varied[:4] == SILENCE).all()
        assert (varied[6:] == SILENCE).all()
        assert varied.min() >= SILENCE


def test_bands_are_moved_whole_and_never_blurred(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(variation, "TILT", 0.0)
    clip = np.random.default_rng(0).uniform(0, 2, (10, mel.N_MELS)).astype(np.float32)

    shifts = set()
    for seed in range(40):
        varied = variation.vary(clip, np.random.default_rng(seed))
        found = np.abs(clip - varied[:, 40:41]).sum(axis=0).argmin()
        assert np.array_equal(varied[:, 40], clip[:, found])
        shifts.add(40 - int(found))
    assert shifts == set(range(-variation.SHIFT, variation.SHIFT + 1))


def test_another_room_turns_up_one_end_and_down_the_other():
    clip = np.ones((10, mel.N_MELS), np.float32)

    varied = variation.vary(clip, np.random.default_rng(0))[0]

    assert np.allclose(np.diff(varied, 2), 0, atol=1e-5)
    assert (varied[0] - 1) * (varied[-1] - 1) < 0


def test_together_powers_are_added_and_silence_adds_nothing_to_speak_of():
    random = np.random.default_rng(0)
    one, other = random.uniform(-1, 1, (2, 10, mel.N_MELS)).astype(np.float32)
    silence = np.full_like(one, SILENCE)

    both = variation.together(one, other)

    powers = [np.exp(2 * (mel.MEAN + mel.STD * clip.astype(float))) for clip in (one, other, both)]
    assert powers[0] + powers[1] == pytest.approx(powers[2], rel=1e-4)
    assert variation.together(one, silence) == pytest.approx(one, abs=0.05)
