import logging
import random
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace
from media.drawing import HEIGHT, draw_image, middles, number_in, number_picture, numbers_in

from diffava_foley.errors import MediaError, MissingMedia, UnreadableMedia
from diffava_foley.media.sources import MovieSource, SequenceSource, StillSource
from diffava_foley.media.video import open_video
from diffava_foley.media.windows import cut_windows

NTSC_FILM = Fraction(24000, 1001)
CONTAINERS = [
    ("a.mp4", {"reordered": 3, "group": 12}),
    ("a.mov", {"reordered": 3, "group": 250}),
    ("a.mkv", {"reordered": 3, "group": 12}),
    ("a.ts", {"reordered": 3, "group": 12}),
    ("a.mpg", {"reordered": 2, "group": 12, "codec": "mpeg2video"}),
    ("a.avi", {"reordered": 2, "group": 12, "codec": "mpeg4"}),
    ("b.avi", {"reordered": 0, "group": 12, "codec": "mpeg4"}),
    ("c.avi", {"reordered": 3, "group": 12, "codec": "libx264"}),
    ("a.webm", {"reordered": 0, "group": 12, "codec": "libvpx-vp9"}),
    ("b.mov", {"reordered": 0, "group": 1, "codec": "mjpeg"}),
]


def read(path, moments, short_side=HEIGHT):
    with open_video(MovieSource(path)) as video:
        return numbers_in(video.frames(moments, short_side))


@pytest.mark.parametrize(
    "rate",
    [Fraction(24), Fraction(25), NTSC_FILM, Fraction(30000, 1001), Fraction(60000, 1001)],
)
@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_the_frame_on_screen_is_the_last_one_that_has_come(movie, rate, suffix):
    path = movie(f"clip{suffix}", rate=rate, frames=40, reordered=2, group=10)
    starts = [number / rate for number in range(40)]

    assert read(path, starts) == list(range(40))
    assert read(path, middles(rate, 40)) == list(range(40))
    if suffix == ".mov":  # Matroska rounds to milliseconds
        just_before = [start - Fraction(1, 10**6) for start in starts[1:]]
        assert read(path, just_before) == list(range(39))


@pytest.mark.parametrize(("name", "clip"), CONTAINERS)
def test_every_container_gives_the_same_frames_forward_backward_and_at_random(movie, name, clip):
    rate = Fraction(25)
    path = movie(name, rate=rate, frames=160, **clip)
    moments = middles(rate, 160)
    shuffled = random.Random(2).sample(range(160), 40)

    with open_video(MovieSource(path)) as video:
        forward = [number_in(video.frames([m], HEIGHT)[0]) for m in moments]
        backward = [number_in(video.frames([m], HEIGHT)[0]) for m in reversed(moments)]
        anyhow = [number_in(video.frames([moments[n]], HEIGHT)[0]) for n in shuffled]

    assert forward == list(range(160))
    assert backward == list(reversed(range(160)))
    assert anyhow == shuffled


def test_one_call_takes_moments_in_any_order_and_twice(movie):
    path = movie("a.mp4", reordered=2)
    moments = [middles(Fraction(24), 48)[n] for n in (7, 3, 3, 40, 0)]

    assert read(path, moments) == [7, 3, 3, 40, 0]


def test_a_reversed_shot_is_decoded_forward(movie):
    path = movie("a.mp4", reordered=2, group=12)

    with open_video(MovieSource(path)) as video:
        pictures = video.frames(middles(Fraction(24), 48)[::-1], HEIGHT)

        assert numbers_in(pictures) == list(range(48))[::-1]
        assert video.seeks == 0


def test_before_the_first_frame_is_the_first_and_after_the_last_the_last(movie):
    path = movie("a.mp4", frames=10)

    assert read(path, [Fraction(-5), Fraction(0), Fraction(100)]) == [0, 0, 9]


def test_a_variable_rate_is_read_by_timestamp(movie):
    ticks = [0, 20, 100, 133, 400, 1000, 1010, 1500]
    path = movie("a.mkv", frames=8, ticks=ticks, reordered=0)
    moments = [Fraction(ms, 1000) for ms in (10, 21, 99, 101, 399, 999, 1005, 1499, 1501)]

    assert read(path, moments) == [0, 1, 1, 2, 3, 4, 5, 6, 7]


def test_going_forward_never_seeks(movie):
    path = movie("a.mp4", frames=120, group=24, reordered=2)

    with open_video(MovieSource(path)) as video:
        for window in cut_windows(Fraction(5)):
            video.frames(window.moments, 32)

        assert video.seeks == 0


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_a_jump_ahead_seeks_once(movie, name):
    path = movie(name, frames=240, group=24, reordered=2)
    with open_video(MovieSource(path)) as video:
        jump = Fraction(411, 48)  # frame 205, in the group of 192

        assert number_in(video.frames([jump], HEIGHT)[0]) == 205
        assert video.seeks == 1
        assert number_in(video.frames([jump + Fraction(1, 24)], HEIGHT)[0]) == 206
        assert video.seeks == 1


def test_a_jump_within_a_group_of_frames_decodes_on(movie):
    path = movie("a.mp4", frames=120, group=250)

    with open_video(MovieSource(path)) as video:
        assert number_in(video.frames([Fraction(9, 2)], HEIGHT)[0]) == 108
        assert video.seeks == 0


@pytest.mark.parametrize(("turn", "quarter_turns"), [(-90, -1), (90, 1), (180, 2)])
def test_pictures_are_upright(movie, turn, quarter_turns):
    path = movie("a.mp4", turn=turn, frames=24)

    with open_video(MovieSource(path)) as video:
        (picture,) = video.frames([Fraction(1, 2)], HEIGHT)

    assert picture.shape == ((96, 64, 3) if abs(turn) == 90 else (64, 96, 3))
    assert number_in(np.rot90(picture, -quarter_turns)) == 12


@pytest.mark.parametrize("short_side", [1, 13, 32, 200])
def test_the_short_side_is_what_was_asked_for(movie, short_side):
    with open_video(MovieSource(movie("a.mp4", frames=2))) as video:
        pictures = video.frames([Fraction(0)], short_side)

    assert pictures.dtype == np.uint8
    assert pictures.shape[1] == short_side
    assert abs(pictures.shape[2] - short_side * 3 / 2) <= 0.5


def test_shrinking_averages_and_does_not_pick(tmp_path):
    stripes = np.zeros((64, 96, 3), np.uint8)
    stripes[:, ::2] = 255

    with open_video(StillSource(draw_image(tmp_path / "a.png", stripes))) as video:
        (picture,) = video.frames([Fraction(0)], 16)

    assert np.abs(picture.astype(int) - 127).max() <= 2


def test_anamorphic_pixels_are_squared(movie):
    with open_video(MovieSource(movie("a.mp4", pixel_aspect=Fraction(4, 3), frames=2))) as video:
        assert video.frames([Fraction(0)], 32).shape == (1, 32, 64, 3)


def test_a_timecode_does_not_move_the_frames(movie):
    path = movie("a.mov", timecode="01:00:00:00", frames=24)

    assert read(path, middles(Fraction(24), 24)) == list(range(24))


def test_no_moments_are_no_pictures(movie):
    with open_video(MovieSource(movie("a.mp4", frames=2))) as video:
        assert video.frames([], 32).shape == (0, 32, 48, 3)


def test_a_picture_without_side_is_refused(movie):
    with open_video(MovieSource(movie("a.mp4", frames=2))) as video, pytest.raises(MediaError):
        video.frames([Fraction(0)], 0)


@pytest.fixture
def cut_short(movie):
    """A movie of 96 frames whose table is whole, and of whose pictures the last part is gone."""
    path = movie("a.mp4", frames=96, group=24)
    data = path.read_bytes()
    moov = data.index(b"moov") - 4
    body = data[data.index(b"mdat") + 4 : moov]
    kept = len(body) * 6 // 10
    path.write_bytes(data[: moov - len(body)] + body[:kept] + bytes(len(body) - kept) + data[moov:])
    return path


def test_a_damaged_movie_holds_the_last_frame_before_the_damage(cut_short, caplog):
    moments = middles(Fraction(24), 96)

    with caplog.at_level(logging.WARNING):
        numbers = read(cut_short, moments)

    last = numbers[-1]
    assert 24 <= last < 80
    assert numbers == [*range(last), *[last] * (96 - last)]
    assert "its last frame is held" in caplog.text


def test_a_file_cut_short_holds_its_last_whole_frame_wherever_one_looks_first(movie, caplog):
    path = movie("a.mkv", frames=96, group=24)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])

    with caplog.at_level(logging.WARNING), open_video(MovieSource(path)) as video:
        late = number_in(video.frames([Fraction(95, 24)], HEIGHT)[0])
    with open_video(MovieSource(path)) as video:
        numbers = numbers_in(video.frames(middles(Fraction(24), 96), HEIGHT))

    assert 24 <= late < 96
    assert numbers == [*range(late), *[late] * (96 - late)]
    assert "its last frame is held" in caplog.text


def test_a_still_is_held(tmp_path):
    with open_video(StillSource(draw_image(tmp_path / "a.png", number_picture(77)))) as video:
        pictures = video.frames([Fraction(0), Fraction(1000)], HEIGHT)

    assert numbers_in(pictures) == [77, 77]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp"])
def test_images_of_every_kind_keep_their_colours(tmp_path, suffix):
    colours = np.zeros((64, 96, 3), np.uint8)
    colours[:32], colours[32:, :48], colours[32:, 48:] = (200, 30, 40), (10, 220, 60), 255

    with open_video(StillSource(draw_image(tmp_path / f"a%d{suffix}", colours))) as video:
        (picture,) = video.frames([Fraction(0)], 64)

    for y, x in ((16, 48), (48, 24), (48, 72)):
        assert np.abs(picture[y, x].astype(int) - colours[y, x]).max() <= 4


def sequence(folder, numbers, **more):
    for number in numbers:
        draw_image(folder / f"a.{number:04d}.png", number_picture(number))
    first, last = min(numbers), max(numbers)
    count = more.pop("count", last - first + 1)
    return SequenceSource(folder, "a.", ".png", 4, first, count, Fraction(24), **more)


def test_a_sequence_is_read_by_its_rate(tmp_path):
    source = sequence(tmp_path, range(5, 15))

    with open_video(source) as video:
        pictures = video.frames([*middles(Fraction(24), 10), Fraction(-1), Fraction(9)], HEIGHT)

    assert numbers_in(pictures) == [*range(5, 15), 5, 14]


def test_images_of_a_stepped_sequence_stay_for_the_step(tmp_path):
    source = sequence(tmp_path, [10, 12, 14], count=3, step=2)

    with open_video(source) as video:
        pictures = video.frames(middles(Fraction(24), 6), HEIGHT)

    assert numbers_in(pictures) == [10, 10, 12, 12, 14, 14]


def test_a_hole_in_a_sequence_holds_the_image_before_and_says_so(tmp_path, caplog):
    source = sequence(tmp_path, [1, 2, 5])

    with caplog.at_level(logging.WARNING), open_video(source) as video:
        pictures = video.frames(middles(Fraction(24), 5), HEIGHT)

    assert numbers_in(pictures) == [1, 2, 2, 2, 5]
    assert "2 images are missing" in caplog.text


def test_a_sequence_that_is_not_there_is_missing_at_once(tmp_path):
    source = SequenceSource(tmp_path, "a.", ".png", 4, 0, 10**12, Fraction(24))

    with pytest.raises(MissingMedia, match=r"a\.####\.png"), open_video(source):
        pass


def test_an_image_that_is_none_is_unreadable(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not a picture")

    with (
        pytest.raises(UnreadableMedia, match=r"a\.png"),
        open_video(StillSource(tmp_path / "a.png")),
    ):
        pass


@pytest.mark.parametrize("says_so", [True, False])
def test_high_definition_colours_are_read_as_players_do(tmp_path, says_so):
    colours = np.empty((720, 1280, 3), np.uint8)
    colours[:] = (200, 60, 40)
    frame = av.VideoFrame.from_ndarray(colours, "rgb24")
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv444p"
        if says_so:
            stream.codec_context.colorspace = Colorspace.ITU709
        converted = frame.reformat(format="yuv444p", dst_colorspace=Colorspace.ITU709)
        converted.colorspace = Colorspace.ITU709 if says_so else 2
        converted.pts = 0
        container.mux(stream.encode(converted))
        container.mux(stream.encode(None))

    with open_video(MovieSource(tmp_path / "a.mkv")) as video:
        (picture,) = video.frames([Fraction(0)], 32)

    assert np.abs(picture.astype(int) - colours[0, 0]).max() <= 3


def test_a_picture_whose_size_changes_keeps_the_shape_it_began_with(tmp_path):
    parts = [number_picture(5), number_picture(6, 192, 128)]
    for number, picture in enumerate(parts):
        draw_image(tmp_path / f"a.{number}.png", picture)

    with open_video(SequenceSource(tmp_path, "a.", ".png", 1, 0, 2, Fraction(24))) as video:
        pictures = video.frames(middles(Fraction(24), 2), HEIGHT)

    assert numbers_in(pictures) == [5, 6]
