"""Loudness against an independent meter, and its properties."""

import numpy as np
import pytest

from diffava_foley.media.loudness import loudness, true_peak

RATE = 48_000


def noise(seconds, channels=1, level=0.1, rate=RATE):
    made = np.random.default_rng(1).normal(0, level, (channels, int(seconds * rate)))
    return made.astype(np.float32)


def sine(frequency, level=1.0, seconds=2.0, phase=0.0, rate=RATE):
    time = np.arange(int(rate * seconds)) / rate
    return (level * np.sin(2 * np.pi * frequency * time + phase)).astype(np.float32)[None]


def test_a_tone_of_the_standard_reads_what_the_standard_says():
    # EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS
    tone = np.repeat(sine(1000, 10 ** (-23 / 20), 20), 2, axis=0)

    assert loudness(tone, RATE) == pytest.approx(-23, abs=0.1)
    assert loudness(tone[:1], RATE) == pytest.approx(-26, abs=0.1)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("seconds", [0.4, 0.5, 1, 7.3])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_it_reads_what_pyloudnorm_reads(channels, seconds, rate):
    pyloudnorm = pytest.importorskip("pyloudnorm")
    sound = noise(seconds, channels, rate=rate)
    sound[:, : sound.shape[1] // 3] *= 0.01  # below the relative gate

    independent = pyloudnorm.Meter(rate).integrated_loudness(sound.T)

    assert loudness(sound, rate) == pytest.approx(independent, abs=0.2)


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.2, 0.39])
def test_a_short_sound_is_as_loud_as_a_long_one_of_its_kind(seconds):
    short, long = sine(1000, 0.1, seconds), sine(1000, 0.1, 5)

    assert loudness(short, RATE) == pytest.approx(loudness(long, RATE), abs=0.1)


def test_a_click_in_the_last_instant_is_measured():
    sound = np.zeros((1, int(0.45 * RATE)), np.float32)
    sound[:, -1000:] = 0.5

    assert loudness(sound, RATE) is not None


@pytest.mark.parametrize("samples", [np.zeros((1, 96_000)), np.zeros((2, 10)), np.zeros((1, 0))])
def test_silence_has_no_loudness(samples):
    assert loudness(samples.astype(np.float32), RATE) is None
    assert true_peak(samples.astype(np.float32), RATE) == -np.inf


def test_six_decibels_more_are_six_units_more():
    sound = noise(3)

    assert loudness(sound * 2, RATE) - loudness(sound, RATE) == pytest.approx(6.02, abs=0.01)
    assert true_peak(sound * 2, RATE) - true_peak(sound, RATE) == pytest.approx(6.02, abs=0.001)


def test_a_peak_between_the_samples_is_found():
    # A quarter of the sampling rate, 45 degrees off: every sample is 3 dB below the peak
    tone = sine(RATE / 4, 1.0, 0.5, np.pi / 4) * np.hanning(RATE // 2).astype(np.float32)

    assert 20 * np.log10(np.abs(tone).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(tone, RATE) == pytest.approx(0, abs=0.1)


def test_a_true_peak_is_never_below_the_highest_sample():
    click = np.zeros((1, 5), np.float32)
    click[0, 0] = click[0, 4] = 0.9

    assert true_peak(click, RATE) >= 20 * np.log10(0.9) - 1e-6
