"""The bext chunk, read by a library that did not write it."""

from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest
from wavinfo import WavInfoReader

from diffava_foley.media.audio import read_audio, write_audio
from diffava_foley.media.broadcast import Broadcast, ascii_text

MADE = datetime(2026, 3, 9, 7, 5, 2)
HOUR = 3600
NTSC = Fraction(1000, 1001)
TONE = np.full((1, 480), 0.25, np.float32)


def written(folder, broadcast, rate=48_000, bits=24, samples=TONE):
    write_audio(folder / "a.wav", samples, rate, bits=bits, broadcast=broadcast)
    return WavInfoReader(str(folder / "a.wav"))


def test_every_field_is_read_back(tmp_path):
    bext = written(tmp_path, Broadcast("a glass breaks", "3f00aa", MADE, Fraction(HOUR))).bext

    assert bext.description == "a glass breaks"
    assert bext.originator == "diffava-foley"
    assert bext.originator_ref == "3f00aa"
    assert (bext.originator_date, bext.originator_time) == ("2026-03-09", "07:05:02")
    assert bext.time_reference == 172_800_000
    assert bext.coding_history == "A=PCM,F=48000,W=24,M=mono,T=diffava-foley\r\n"


# The timecode, its frames since midnight and the rate; then the samples at 48 kHz, by hand
TIMECODES = [
    ("01:00:00:00", 86_400, Fraction(24), 172_800_000),
    ("01:00:00:00", 90_000, Fraction(25), 172_800_000),
    ("01:00:00:00", 86_400, 24 * NTSC, 172_972_800),  # 3603.6 seconds
    ("01:00:00:00", 108_000, 30 * NTSC, 172_972_800),
    ("01:00:00;00", 107_892, 30 * NTSC, 172_799_827),  # 3599.9964 s: 172 799 827.2 samples
    ("10:00:00;00", 1_078_920, 30 * NTSC, 1_727_998_272),
    ("00:00:00:01", 1, 24 * NTSC, 2_002),
    ("00:00:00:01", 1, 30 * NTSC, 1_602),  # 1601.6, to the nearest
    ("23:59:59:23", 2_073_599, 24 * NTSC, 4_151_345_198),
]


@pytest.mark.parametrize(("timecode", "frames", "rate", "samples"), TIMECODES)
def test_the_time_reference_counts_true_samples_since_midnight(
    tmp_path, timecode, frames, rate, samples
):
    info = written(tmp_path, Broadcast("", "", MADE, frames / rate))

    assert info.bext.time_reference == samples


def test_the_time_reference_counts_the_files_own_samples(tmp_path):
    assert written(tmp_path, Broadcast("", "", MADE, Fraction(10)), 96_000).bext.time_reference == (
        960_000
    )


def test_the_sound_is_the_same_with_and_without(tmp_path):
    write_audio(tmp_path / "plain.wav", TONE, 48_000)
    written(tmp_path, Broadcast("x", "y", MADE))

    np.testing.assert_array_equal(
        read_audio(tmp_path / "a.wav").samples, read_audio(tmp_path / "plain.wav").samples
    )
    assert WavInfoReader(str(tmp_path / "plain.wav")).bext is None


def test_flac_has_no_such_chunk_and_is_written_all_the_same(tmp_path):
    write_audio(tmp_path / "a.flac", TONE, 48_000, broadcast=Broadcast("x", "y", MADE))

    assert read_audio(tmp_path / "a.flac").samples.shape == TONE.shape


def test_long_and_foreign_texts_fit_the_chunk(tmp_path):
    bext = written(tmp_path, Broadcast("Türknall, 足音\n" + "x" * 400, "r" * 99, MADE)).bext

    assert bext.description.startswith("Turknall, ?? xxx")
    assert (len(bext.description), len(bext.originator_ref)) == (256, 32)


def test_before_midnight_there_is_no_time(tmp_path):
    assert written(tmp_path, Broadcast("", "", MADE, Fraction(-1))).bext.time_reference == 0


@pytest.mark.parametrize("text", ["a door", "é", "\u212b", "日本", "a\r\nb", ""])
def test_plain_letters_are_plain(text):
    assert ascii_text(text).isascii()
    assert "\n" not in ascii_text(text)
