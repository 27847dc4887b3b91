from fractions import Fraction

import pytest

from diffava_foley.media.timecode import timecode_to_frames, timecode_to_seconds

NTSC_FILM = Fraction(24000, 1001)
NTSC_VIDEO = Fraction(30000, 1001)


def test_an_hour_at_24_is_an_hour():
    assert timecode_to_seconds("01:00:00:00", Fraction(24)) == 3600


def test_an_hour_at_23_976_is_longer_than_an_hour():
    assert timecode_to_seconds("01:00:00:00", NTSC_FILM) == Fraction(36036, 10)


def test_an_hour_of_drop_frame_is_an_hour_to_a_few_milliseconds():
    seconds = timecode_to_seconds("01:00:00;00", NTSC_VIDEO)

    assert timecode_to_frames("01:00:00;00", NTSC_VIDEO) == 107892
    assert abs(seconds - 3600) < Fraction(1, 250)


def test_drop_frame_leaves_out_two_numbers_a_minute_but_not_every_tenth():
    frames = [timecode_to_frames(t, NTSC_VIDEO) for t in ("00:00:59;29", "00:01:00;02")]
    tenth = [timecode_to_frames(t, NTSC_VIDEO) for t in ("00:09:59;29", "00:10:00;00")]

    assert frames == [1799, 1800]
    assert tenth == [17981, 17982]


def test_drop_frame_at_60_leaves_out_four():
    rate = Fraction(60000, 1001)

    assert timecode_to_frames("00:00:59;59", rate) + 1 == timecode_to_frames("00:01:00;04", rate)


@pytest.mark.parametrize("text", ["", "1:2:3", "01:00:00:24", "01:60:00:00", "aa:bb:cc:dd"])
def test_what_is_no_timecode_has_no_seconds(text):
    assert timecode_to_seconds(text, Fraction(24)) is None
