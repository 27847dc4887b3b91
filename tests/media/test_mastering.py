"""A delivered sound: exact in length, faded, at its level, never above the ceiling."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffava_foley.errors import BadTake
from diffava_foley.media.forms import Form
from diffava_foley.media.loudness import loudness, true_peak
from diffava_foley.media.mastering import master
from diffava_foley.media.windows import sample_count

SECOND = Fraction(1)
CEILING = 10 ** (-1 / 20)


def noise(length, level=0.9, channels=1):
    samples = np.random.default_rng(length).uniform(-level, level, (channels, length))
    return samples.astype(np.float32)


def sine(frequency, seconds=1.0, level=0.5):
    time = np.arange(int(48_000 * seconds)) / 48_000
    return (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)[None]


@settings(deadline=None, max_examples=30)
@given(
    duration=st.fractions(Fraction(1, 1000), 3, max_denominator=24_000),
    rate_in=st.sampled_from([16_000, 22_050, 44_100, 48_000]),
    rate_out=st.sampled_from([44_100, 48_000, 96_000]),
    channels=st.sampled_from([1, 2]),
    level=st.floats(0, 30),
    wanted=st.none() | st.floats(-40, 0),
    ceiling=st.sampled_from([-1.0, -6.0, 0.0]),
)
def test_a_delivery_is_exact_in_length_and_below_the_ceiling(
    duration, rate_in, rate_out, channels, level, wanted, ceiling
):
    samples = noise(max(1, int(duration * rate_in) - 7), 1.0) * np.float32(level)
    form = Form(rate_out, channels, loudness=wanted, true_peak=ceiling)

    delivered, _ = master(samples, rate_in, form, duration=duration)

    assert delivered.shape == (channels, sample_count(duration, rate_out))
    assert delivered.dtype == np.float32
    assert true_peak(delivered, rate_out) <= ceiling + 0.01
    assert np.abs(delivered).max(initial=0) <= np.float32(10 ** (ceiling / 20))


def test_a_quiet_sound_is_not_made_louder_unless_asked():
    samples = sine(440, level=0.01)

    delivered, level = master(samples, 48_000, Form(), duration=SECOND)

    np.testing.assert_array_equal(delivered[:, 240:-240], samples[:, 240:-240])
    assert level.gain == 0


def test_a_loud_sound_keeps_its_shape():
    samples = sine(440, level=4.0)

    delivered, _ = master(samples, 48_000, Form(), duration=SECOND)

    expected = samples[:, 240:-240] * CEILING / 4
    np.testing.assert_allclose(delivered[:, 240:-240], expected, atol=1e-3)


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.5, 3])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("wanted", [-23.0, -31.5])
def test_a_sound_has_the_loudness_asked_for(seconds, channels, wanted):
    form = Form(channels=channels, loudness=wanted)
    samples = noise(int(48_000 * seconds), 0.3)

    delivered, level = master(samples, 48_000, form, duration=Fraction(seconds))

    assert loudness(delivered, 48_000) == pytest.approx(wanted, abs=0.2)
    assert level.loudness == pytest.approx(wanted, abs=0.01)
    assert level.true_peak == pytest.approx(true_peak(delivered, 48_000), abs=0.01)


def test_a_click_stays_quieter_than_asked_rather_than_be_limited():
    samples = np.zeros((1, 48_000), np.float32)
    samples[0, 10_000:10_010] = 0.5

    delivered, level = master(samples, 48_000, Form(loudness=-14), duration=SECOND)

    assert true_peak(delivered, 48_000) == pytest.approx(-1, abs=0.01)
    assert level.loudness < -14
    scale = delivered[0, 10_005] / samples[0, 10_005]
    np.testing.assert_allclose(delivered, samples * scale, atol=1e-6)


def test_the_loudness_is_that_between_the_handles():
    samples = np.concatenate([noise(48_000, 0.5), noise(96_000, 0.05), noise(24_000, 0.5)], axis=1)
    head, tail = SECOND, SECOND / 2

    delivered, _ = master(
        samples, 48_000, Form(loudness=-30), duration=Fraction(7, 2), head=head, tail=tail
    )

    assert loudness(delivered[:, 48_000:-24_000], 48_000) == pytest.approx(-30, abs=0.2)


def test_silence_stays_silence():
    delivered, level = master(
        np.zeros((1, 16_000), np.float32), 16_000, Form(loudness=-23), duration=SECOND
    )

    assert not delivered.any()
    assert (level.gain, level.loudness, level.true_peak) == (0, None, None)


def test_a_delivery_fades_in_and_out():
    delivered, _ = master(np.full((1, 48_000), 0.5, np.float32), 48_000, Form(), duration=SECOND)

    assert delivered[0, 0] == delivered[0, -1] == 0
    assert np.all(np.diff(delivered[0, :241]) >= 0)
    assert delivered[0, 240] == 0.5
    np.testing.assert_array_equal(delivered[0], delivered[0, ::-1])


def test_fades_are_no_longer_than_half_of_a_short_sound():
    ones = np.ones((1, 10), np.float32)

    delivered, _ = master(ones, 48_000, Form(), duration=Fraction(10, 48_000))

    assert delivered.shape == (1, 10)
    assert delivered.max() > 0.5


def test_a_sound_that_is_no_number_is_not_delivered():
    with pytest.raises(BadTake, match="not numbers"):
        master(np.full((1, 9), np.nan, np.float32), 48_000, Form(), duration=SECOND)
