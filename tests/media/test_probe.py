from fractions import Fraction

import numpy as np
import pytest
from media.drawing import draw_image, number_picture

from diffava_foley.errors import MediaError, NoPicture, UnreadableMedia
from diffava_foley.media.audio import write_audio
from diffava_foley.media.probe import measure_duration, probe
from diffava_foley.media.sources import MovieSource, SequenceSource, StillSource

NTSC_FILM = Fraction(24000, 1001)


@pytest.mark.parametrize(
    "rate",
    [
        Fraction(24),
        Fraction(25),
        NTSC_FILM,
        Fraction(30000, 1001),
        Fraction(60000, 1001),
    ],
)
@pytest.mark.parametrize("suffix", [".mov", ".mp4"])
def test_a_movie_knows_its_exact_rate_and_length(movie, rate, suffix):
    info = probe(MovieSource(movie(f"clip{suffix}", rate=rate, frames=30)))

    assert info.frame_rate == rate
    assert info.duration == 30 / rate
    assert info.frame_count == 30
    assert (info.width, info.height, info.rotation) == (96, 64, 0)
    assert (info.codec, info.has_audio) == ("h264", False)


@pytest.mark.parametrize(
    ("name", "codec", "reordered"),
    [
        ("a.mkv", "libx264", 3),
        ("a.ts", "libx264", 3),
        ("b.ts", "mpeg2video", 2),
        ("a.vob", "mpeg2video", 2),
        ("a.flv", "libx264", 3),
        ("a.nut", "libx264", 3),
        ("a.webm", "libvpx-vp9", 0),
    ],
)
def test_a_movie_without_frame_table_knows_its_length_to_a_tick(movie, name, codec, reordered):
    clip = {"rate": Fraction(25), "frames": 160, "group": 12}
    info = probe(MovieSource(movie(name, codec=codec, reordered=reordered, **clip)))

    assert abs(info.duration - Fraction(160, 25)) <= Fraction(1, 1000)
    assert info.frame_count is None


def test_an_mpeg_programme_stream_is_measured_and_not_believed(movie):
    path = movie("a.mpg", codec="mpeg2video", rate=Fraction(25), reordered=2, group=12)

    assert probe(MovieSource(path)).duration == Fraction(48, 25)


def test_the_length_can_be_measured_from_packets(movie):
    assert measure_duration(movie("a.mp4", reordered=2, frames=30)) == Fraction(30, 24)


def test_the_timecode_is_given_as_written_and_in_true_seconds(movie):
    info = probe(MovieSource(movie("a.mov", rate=NTSC_FILM, timecode="01:00:00:00")))

    assert info.start_timecode == "01:00:00:00"
    assert info.timecode_seconds == Fraction(36036, 10)


def test_a_movie_without_timecode_has_none(movie):
    info = probe(MovieSource(movie("a.mov")))

    assert (info.start_timecode, info.timecode_seconds) == (None, None)


@pytest.mark.parametrize(("turn", "rotation"), [(-90, 90), (90, 270), (180, 180)])
def test_size_and_rotation_are_those_of_the_upright_picture(movie, turn, rotation):
    info = probe(MovieSource(movie("a.mp4", turn=turn)))

    upright = (96, 64) if rotation == 180 else (64, 96)
    assert (info.width, info.height, info.rotation) == (*upright, rotation)


def test_anamorphic_pixels_are_squared(movie):
    info = probe(MovieSource(movie("a.mp4", pixel_aspect=Fraction(4, 3))))

    assert (info.width, info.height) == (128, 64)


def test_a_variable_rate_is_its_average_and_the_length_is_exact(movie):
    ticks = [0, 100, 120, 400, 500]

    info = probe(MovieSource(movie("a.mkv", frames=5, ticks=ticks)))

    assert Fraction(500, 1000) <= info.duration <= Fraction(600, 1000)
    assert info.frame_rate is not None


def test_sound_is_noticed(movie):
    assert probe(MovieSource(movie("a.mp4", tone=True))).has_audio


def test_a_still_has_no_length(tmp_path):
    info = probe(StillSource(draw_image(tmp_path / "a.png", number_picture(1))))

    assert (info.width, info.height, info.codec) == (96, 64, "png")
    assert (info.duration, info.frame_rate, info.frame_count) == (None, None, 1)


def test_a_sequence_lasts_as_long_as_its_images_are_shown(tmp_path):
    for number in (10, 12, 14):
        draw_image(tmp_path / f"a.{number}.png", number_picture(number))

    info = probe(SequenceSource(tmp_path, "a.", ".png", 2, 10, 3, Fraction(24), step=2))

    assert (info.duration, info.frame_rate, info.frame_count) == (Fraction(6, 24), 24, 3)


def test_sound_alone_is_no_picture(tmp_path):
    write_audio(tmp_path / "a.wav", np.zeros((1, 100), np.float32), 48000)

    with pytest.raises(NoPicture, match="no video stream"):
        probe(MovieSource(tmp_path / "a.wav"))


@pytest.mark.parametrize("content", [b"", b"this is a text, not a movie\n" * 50])
def test_what_is_not_media_is_unreadable(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)

    with pytest.raises(UnreadableMedia, match=r"a\.mp4"):
        probe(MovieSource(path))


def test_a_movie_without_one_frame_that_decodes_is_refused(movie):
    path = movie("a.mp4", frames=12)
    data = path.read_bytes()
    start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    path.write_bytes(data[:start] + bytes(end - start) + data[end:])

    with pytest.raises(MediaError, match=r"a\.mp4"):
        probe(MovieSource(path))


def test_a_movie_that_lost_its_table_is_refused(movie):
    path = movie("a.mp4")
    path.write_bytes(path.read_bytes()[:-900])

    with pytest.raises(MediaError, match=r"a\.mp4"):
        probe(MovieSource(path))
