from fractions import Fraction

import av
import numpy as np
import pytest
from media.drawing import HEIGHT, middles, numbers_in

from diffava_foley.errors import MediaError, NoPicture, OutputError
from diffava_foley.media.audio import read_audio, write_audio
from diffava_foley.media.mux import mux
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import MovieSource
from diffava_foley.media.video import open_video

RATE = Fraction(24)
CLICKS = (100, 24_000)


@pytest.fixture
def clicks(tmp_path):
    """A second of silence with a click near its start and one in the middle."""
    samples = np.zeros((1, 48_000), np.float32)
    samples[0, CLICKS] = 0.9
    write_audio(tmp_path / "clicks.wav", samples, 48_000)
    return tmp_path / "clicks.wav"


def numbers(path, count, rate=RATE):
    with open_video(MovieSource(path)) as video:
        return numbers_in(video.frames(middles(rate, count), HEIGHT))


def clicks_in(path):
    samples = np.abs(read_audio(path).samples[0])
    halves = samples[:12_000], samples[12_000:]
    return int(halves[0].argmax()), 12_000 + int(halves[1].argmax())


def packets(path):
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(video=0) if p.size]


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".mp4", "aac"), (".m4v", "aac"), (".mov", "pcm_s24le"), (".mkv", "flac")],
)
def test_the_picture_is_copied_untouched_and_the_sound_starts_with_it(
    movie, clicks, tmp_path, suffix, codec
):
    path = movie("a.mp4", reordered=3, group=12, tone=True)

    mux(path, clicks, tmp_path / f"out{suffix}")

    assert packets(tmp_path / f"out{suffix}") == packets(path)
    assert numbers(tmp_path / f"out{suffix}", 48) == list(range(48))
    assert clicks_in(tmp_path / f"out{suffix}") == CLICKS
    with av.open(str(tmp_path / f"out{suffix}")) as container:
        (sound,) = container.streams.audio
        assert sound.codec_context.name == codec


def test_webm_gets_opus(movie, tmp_path):
    path = movie("a.webm", codec="libvpx-vp9", frames=24)
    tone = np.sin(np.arange(44_100) / 20).astype(np.float32)[None] / 2
    write_audio(tmp_path / "tone.wav", tone, 44_100)

    mux(path, tmp_path / "tone.wav", tmp_path / "out.webm")

    sound = read_audio(tmp_path / "out.webm")
    assert sound.sample_rate == 48_000
    assert abs(sound.duration - 1) < Fraction(1, 40)
    assert numbers(tmp_path / "out.webm", 24) == list(range(24))


@pytest.mark.parametrize("source", ["a.mp4", "a.mkv", "a.ts", "a.mov"])
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
@pytest.mark.parametrize(("first", "end"), [(17, 30), (12, 29), (0, 31), (30, 48), (1, 2)])
def test_a_cut_is_exact_to_the_frame_at_both_ends(
    movie, clicks, tmp_path, source, suffix, first, end
):
    path = movie(source, reordered=3, group=12)
    output = tmp_path / f"out{suffix}"

    mux(path, clicks, output, start=first / RATE, end=end / RATE)

    kept = list(range(first, end))
    assert numbers(output, end - first + 2) == [*kept, kept[-1], kept[-1]]
    assert abs(probe(MovieSource(output)).duration - len(kept) / RATE) <= Fraction(1, 500)
    assert clicks_in(output) == CLICKS


def test_a_cut_in_the_middle_of_a_frame_starts_with_it_and_delays_the_sound(
    movie, clicks, tmp_path
):
    mux(movie("a.mp4"), clicks, tmp_path / "out.mov", start=Fraction(21, 48))

    assert numbers(tmp_path / "out.mov", 2) == [10, 11]
    assert clicks_in(tmp_path / "out.mov") == (1100, 25_000)


def test_a_cut_at_a_keyframe_needs_no_edit_list(movie, clicks, tmp_path):
    mux(movie("a.mp4", group=12), clicks, tmp_path / "out.mkv", start=Fraction(1, 2))

    assert numbers(tmp_path / "out.mkv", 36) == list(range(12, 48))


@pytest.mark.parametrize(("start", "end"), [(Fraction(7, 24), None), (None, Fraction(30, 24))])
def test_a_cut_that_cannot_be_exact_is_refused_and_leaves_nothing(
    movie, clicks, tmp_path, start, end
):
    path = movie("a.mp4", group=48, reordered=3)

    with pytest.raises(OutputError, match=r"write \.mp4 or \.mov"):
        mux(path, clicks, tmp_path / "out.mkv", start=start, end=end)

    assert {entry.name for entry in tmp_path.iterdir()} == {"a.mp4", "clicks.wav"}


def test_what_an_edit_list_hides_stays_hidden(movie, clicks, tmp_path):
    mux(
        movie("a.mp4", reordered=3, group=12),
        clicks,
        tmp_path / "cut.mp4",
        start=17 / RATE,
        end=30 / RATE,
    )

    mux(tmp_path / "cut.mp4", clicks, tmp_path / "copy.mov")
    mux(tmp_path / "cut.mp4", clicks, tmp_path / "again.mp4", start=5 / RATE, end=1 + 30 / RATE)

    assert numbers(tmp_path / "copy.mov", 14) == [*range(17, 30), 29]
    assert numbers(tmp_path / "again.mp4", 10) == [*range(22, 30), 29, 29]


def test_a_movie_cut_short_is_copied_as_far_as_it_goes(movie, clicks, tmp_path):
    path = movie("a.mkv", group=12)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 7 // 10])

    mux(path, clicks, tmp_path / "out.mp4")

    shown = numbers(tmp_path / "out.mp4", 48)
    assert shown[:20] == list(range(20))
    assert shown[-1] < 47


def test_rotation_shape_and_timecode_come_along(movie, clicks, tmp_path):
    turned = movie("a.mov", turn=-90, timecode="01:00:00:00", rate=Fraction(24000, 1001))
    wide = movie("b.mp4", pixel_aspect=Fraction(4, 3))

    mux(turned, clicks, tmp_path / "turned.mov")
    mux(wide, clicks, tmp_path / "wide.mp4")

    assert probe(MovieSource(tmp_path / "wide.mp4")).width == 128
    info = probe(MovieSource(tmp_path / "turned.mov"))
    assert (info.width, info.height, info.start_timecode) == (64, 96, "01:00:00:00")
    assert info.frame_rate == Fraction(24000, 1001)


def test_a_cut_drops_the_timecode_that_is_no_longer_true(movie, clicks, tmp_path):
    path = movie("a.mov", timecode="01:00:00:00", group=12)

    mux(path, clicks, tmp_path / "out.mov", start=Fraction(1))

    assert probe(MovieSource(tmp_path / "out.mov")).start_timecode is None


def test_a_variable_rate_stays_variable(movie, clicks, tmp_path):
    ticks = [0, 20, 100, 133, 400, 1000, 1010, 1500]
    path = movie("a.mkv", frames=8, ticks=ticks)
    moments = [Fraction(ms, 1000) for ms in (10, 21, 99, 101, 399, 999, 1005, 1499, 1501)]

    mux(path, clicks, tmp_path / "out.mp4")

    with open_video(MovieSource(tmp_path / "out.mp4")) as video:
        assert numbers_in(video.frames(moments, HEIGHT)) == [0, 1, 1, 2, 3, 4, 5, 6, 7]


def test_hevc_is_tagged_so_that_quicktime_plays_it(movie, clicks, tmp_path):
    path = movie("a.mkv", codec="libx265", frames=24)

    mux(path, clicks, tmp_path / "out.mp4")

    assert numbers(tmp_path / "out.mp4", 24) == list(range(24))
    assert b"hvc1" in (tmp_path / "out.mp4").read_bytes()


def test_what_is_there_is_not_overwritten(movie, clicks, tmp_path):
    path = movie("a.mp4")
    (tmp_path / "out.mp4").write_bytes(b"mine")

    with pytest.raises(OutputError, match="already"):
        mux(path, clicks, tmp_path / "out.mp4")
    with pytest.raises(OutputError, match="already"):
        mux(path, clicks, path)

    assert (tmp_path / "out.mp4").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("start", "end"),
    [(Fraction(1), Fraction(1)), (Fraction(-1), None), (Fraction(9), None)],
)
def test_a_cut_without_picture_is_refused(movie, clicks, tmp_path, start, end):
    with pytest.raises(MediaError, match=r"a\.mp4"):
        mux(movie("a.mp4"), clicks, tmp_path / "out.mp4", start=start, end=end)


@pytest.mark.parametrize("name", ["out.wmv", "out"])
def test_a_container_that_is_not_known_is_refused_with_those_that_are(
    movie, clicks, tmp_path, name
):
    with pytest.raises(OutputError, match=r"use \.mp4"):
        mux(movie("a.mp4"), clicks, tmp_path / name)


def test_a_picture_that_a_container_cannot_hold_is_refused(movie, clicks, tmp_path):
    with pytest.raises(OutputError, match=r"try \.mov or \.mkv"):
        mux(movie("a.mp4"), clicks, tmp_path / "out.webm")


def test_a_sound_has_no_picture_to_copy(clicks, tmp_path):
    with pytest.raises(NoPicture):
        mux(clicks, clicks, tmp_path / "out.mp4")


def test_frames_without_times_are_refused(movie, clicks, tmp_path):
    with pytest.raises(MediaError, match=r"convert it to \.mp4"):
        mux(movie("a.avi", codec="mpeg4", reordered=2), clicks, tmp_path / "out.mp4")
