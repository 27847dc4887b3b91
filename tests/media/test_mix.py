"""A stem: every piece on its sample, nothing clipped."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from diffava_foley.errors import OutputError
from diffava_foley.media.audio import read_audio, write_audio
from diffava_foley.media.forms import Form
from diffava_foley.media.loudness import true_peak
from diffava_foley.media.mix import BLOCK_SECONDS, Piece, write_mix

RATE = 48_000
FILM = Fraction(1001, 24_000)


def noise_file(path: Path, length: int, level: float = 0.1, channels: int = 1) -> np.ndarray:
    samples = np.random.default_rng(length).uniform(-level, level, (channels, length))
    write_audio(path, samples.astype(np.float32), RATE)
    return read_audio(path).samples


def test_every_piece_starts_on_the_sample_nearest_to_its_time(tmp_path):
    sounds = [noise_file(tmp_path / f"{n}.wav", 1000 + n) for n in range(4)]
    starts = [Fraction(0), 7 * FILM, Fraction(1, 3), BLOCK_SECONDS - Fraction(1, 100)]
    pieces = [
        Piece(tmp_path / f"{n}.wav", start, Fraction(1000 + n, RATE))
        for n, start in enumerate(starts)
    ]

    lowered = write_mix(tmp_path / "stem.wav", pieces, BLOCK_SECONDS + Fraction(1, 2), Form())

    expected = np.zeros((1, BLOCK_SECONDS * RATE + RATE // 2), np.float32)
    for start, sound in zip([0, 14_014, 16_000, 30 * RATE - 480], sounds, strict=True):
        expected[:, start : start + sound.shape[1]] += sound
    assert lowered == 0
    np.testing.assert_array_equal(read_audio(tmp_path / "stem.wav").samples, expected)


def test_only_the_part_under_the_picture_is_in_the_mix(tmp_path):
    sound = noise_file(tmp_path / "a.wav", RATE)
    piece = Piece(tmp_path / "a.wav", Fraction(1), Fraction(1, 4), Fraction(1, 2))

    write_mix(tmp_path / "stem.wav", [piece], Fraction(2), Form())

    stem = read_audio(tmp_path / "stem.wav").samples
    np.testing.assert_array_equal(stem[:, RATE : RATE + 12_000], sound[:, 24_000:36_000])
    assert not stem[:, :RATE].any()
    assert not stem[:, RATE + 12_000 :].any()


def test_what_sounds_together_is_added_and_lowered_only_where_it_would_clip(tmp_path):
    sound = noise_file(tmp_path / "a.wav", RATE, 0.6)
    piece = Piece(tmp_path / "a.wav", Fraction(0), Fraction(1))

    lowered = write_mix(tmp_path / "stem.wav", [piece, piece], Fraction(1), Form())

    stem = read_audio(tmp_path / "stem.wav").samples
    assert lowered > 0
    np.testing.assert_allclose(stem, 2 * sound * 10 ** (-lowered / 20), atol=2e-7)
    assert true_peak(stem, RATE) == pytest.approx(-1, abs=0.05)


def test_a_stereo_stem_of_mono_sounds_has_them_on_both_sides(tmp_path):
    noise_file(tmp_path / "a.wav", 480)
    piece = Piece(tmp_path / "a.wav", Fraction(0), Fraction(1, 100))

    write_mix(tmp_path / "stem.wav", [piece], Fraction(1, 100), Form(channels=2))

    stem = read_audio(tmp_path / "stem.wav").samples
    np.testing.assert_array_equal(stem[0], stem[1])
    assert stem.any()


def test_a_stem_without_pieces_is_silence_and_one_without_length_is_refused(tmp_path):
    write_mix(tmp_path / "silence.wav", [], Fraction(1), Form())
    with pytest.raises(OutputError, match="no length"):
        write_mix(tmp_path / "none.wav", [], Fraction(0), Form())

    assert not read_audio(tmp_path / "silence.wav").samples.any()
