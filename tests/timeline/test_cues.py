"""Which stretch of which clip a marker captions."""

from fractions import Fraction

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime
from timeline.cutting import (
    clip,
    cut,
    gap,
    marker,
    media_frames,
    plan,
    shots,
    span,
    speed,
    stack,
    track,
)


def test_one_marker_captions_its_whole_clip(tmp_path):
    made = plan(cut(gap(10), clip("a", span(20, 40), [marker("rain", 50)])), tmp_path)

    assert shots(made) == [("rain", "a", 10, 40)]
    assert made.shots[0].marker == "clip marker, comment"
    assert media_frames(made.shots[0]) == list(range(20, 60))


def test_several_markers_split_their_clip(tmp_path):
    markers = [marker("dog", 40), marker("rain", 25), marker("door", 50)]
    made = plan(cut(clip("a", span(20, 40), markers)), tmp_path)

    assert shots(made) == [("rain", "a", 0, 20), ("dog", "a", 20, 10), ("door", "a", 30, 10)]
    assert media_frames(made.shots[1]) == list(range(40, 50))


def test_markers_on_the_same_frame_are_heard_together(tmp_path):
    markers = [marker("dog", 20), marker("rain", 20), marker("dog", 20)]
    made = plan(cut(clip("a", span(20, 40), markers)), tmp_path)

    assert shots(made) == [("dog", "a", 0, 40), ("rain", "a", 0, 40)]


def test_a_marker_with_a_range_captions_that_range(tmp_path):
    markers = [marker("glass", 30, 12), marker("wind", 20)]
    made = plan(cut(clip("a", span(20, 40), markers)), tmp_path)

    assert shots(made) == [("wind", "a", 0, 40), ("glass", "a", 10, 12)]


def test_a_range_ends_with_its_clip(tmp_path):
    markers = [marker("late", 50, 90), marker("early", 10, 15)]
    made = plan(cut(clip("a", span(20, 40), markers)), tmp_path)

    assert shots(made) == [("early", "a", 0, 5), ("late", "a", 30, 10)]


def test_markers_that_count_from_the_clip_are_understood(tmp_path):
    markers = [marker("one", 0, 15), marker("two", 15, 15)]
    made = plan(cut(clip("a", span(90, 30), markers, span(0, 700))), tmp_path)

    assert shots(made) == [("one", "a", 0, 15), ("two", "a", 15, 15)]


def test_a_marker_at_a_time_that_means_nothing_to_the_clip_captions_all_of_it(tmp_path):
    made = plan(cut(clip("a", span(20, 40), [marker("rain", 86438, 0)])), tmp_path)

    assert shots(made) == [("rain", "a", 0, 40)]


def test_a_marker_with_no_time_at_all_captions_its_clip(tmp_path):
    made = plan(cut(clip("a", span(20, 40), [marker("rain", float("nan"))])), tmp_path)

    assert shots(made) == [("rain", "a", 0, 40)]


@pytest.mark.parametrize(
    ("source", "available", "scalar", "marked", "frame"),
    [
        # Resolve's own exports, where the marker stands in the middle of the clip (TIMELINE 2.3)
        (span(39, 11), span(0, 99), 2.0, 24, 4),
        (span(20, 41), span(0, 100), -1.0, 59, 20),
        (span(86400 + 39, 11), span(86400, 99), 2.0, 86424, 4),
    ],
)
def test_a_marker_of_resolve_on_a_retimed_clip_counts_played_frames(
    tmp_path, source, available, scalar, marked, frame
):
    markers = [marker("start", marked - frame), marker("middle", marked)]
    made = clip("a", source, markers, available, [speed(scalar)])
    made.metadata["Resolve_OTIO"] = {}
    made = plan(cut(made), tmp_path)

    assert [s[2:] for s in shots(made)] == [(0, frame), (frame, source.duration.value - frame)]


def test_a_marker_on_a_track_captions_the_clips_on_it(tmp_path):
    lower = track(clip("a", span(0, 20)), gap(10), clip("b", span(0, 20)))
    lower.markers.append(marker("rain", 10, 30))
    made = plan(cut(lower, track(clip("top", span(0, 50)), name="V2")), tmp_path)

    assert shots(made) == [("rain", "a", 10, 10), ("rain", "b", 30, 10)]
    assert made.shots[0].marker == "track marker, comment"


def test_a_timeline_marker_captions_the_clip_that_is_seen(tmp_path):
    low, high = clip("low", span(0, 50)), clip("high", span(0, 10))
    made = plan(
        cut(track(low), track(gap(20), high, name="V2"), markers=[marker("rain", 25)]), tmp_path
    )

    assert shots(made) == [("rain", "high", 20, 10)]
    assert made.shots[0].marker == "timeline marker, comment"


def test_a_range_on_the_timeline_is_cut_where_the_picture_is(tmp_path):
    low, high = clip("low", span(0, 50)), clip("high", span(0, 10))
    markers = [marker("rain", 10, 30)]
    made = plan(cut(track(low), track(gap(20), high, name="V2"), markers=markers), tmp_path)

    assert shots(made) == [
        ("rain", "low", 10, 10),
        ("rain", "high", 20, 10),
        ("rain", "low", 30, 10),
    ]


def test_timeline_markers_may_count_from_the_start_timecode(tmp_path):
    timecode = RationalTime(86400, 24)
    markers = [marker("rain", 86400 + 30), marker("dog", 86400 + 5)]
    timeline = cut(clip("a", span(0, 20)), clip("b", span(0, 20)), markers=markers)
    timeline.global_start_time = timecode
    made = plan(timeline, tmp_path)

    assert shots(made) == [("dog", "a", 0, 20), ("rain", "b", 20, 20)]


def test_markers_of_clip_and_timeline_split_a_clip_together(tmp_path):
    made = plan(
        cut(clip("a", span(20, 40), [marker("rain", 20)]), markers=[marker("dog", 10)]), tmp_path
    )

    assert shots(made) == [("rain", "a", 0, 10), ("dog", "a", 10, 30)]


def test_a_disabled_clip_and_a_title_hide_nothing(tmp_path):
    off, title = clip("off", span(0, 50)), clip("title", span(0, 50))
    off.enabled = False
    title.media_reference = otio.schema.GeneratorReference(generator_kind="Title")
    layers = track(clip("low", span(0, 50))), track(title, name="V2"), track(off, name="V3")
    made = plan(cut(*layers, markers=[marker("rain", 5)]), tmp_path)

    assert shots(made) == [("rain", "low", 0, 50)]


def test_a_caption_without_a_picture_is_reported(tmp_path):
    made = plan(
        cut(clip("a", span(0, 20)), gap(20, [marker("hum")]), markers=[marker("rain", 30)]),
        tmp_path,
    )

    assert shots(made) == []
    assert [(s.start * 24, s.reason) for s in made.skipped] == [
        (0, "no caption: it has no marker"),
        (20, "“hum” (gap marker, comment): a gap has no picture"),
        (30, "“rain” (timeline marker, comment): there is no clip under the marker"),
    ]


def test_a_marker_in_a_nest_captions_the_clip_in_it(tmp_path):
    inner = track(clip("a", span(0, 20)), clip("b", span(0, 20)), markers=[marker("rain", 25)])
    made = plan(cut(gap(5), stack(inner, source=span(10, 20))), tmp_path)

    assert shots(made) == [("rain", "b", 15, 10)]


def test_a_marker_on_a_nest_that_is_played_slowly_stands_where_it_is_seen(tmp_path):
    inner = track(clip("a", span(0, 10)), clip("b", span(0, 10)))
    nest = stack(inner, source=span(0, 40), markers=[marker("rain", 12, 4)], effects=[speed(0.5)])
    made = plan(cut(nest), tmp_path)

    assert shots(made) == [("rain", "b", 24, 8)]
    assert media_frames(made.shots[0]) == [2, 2, 3, 3, 4, 4, 5, 5]


def test_a_shot_is_in_exact_seconds(tmp_path):
    rate = 23.976024627685547
    source = span(86424.08877306872, 52, rate)
    made = plan(
        cut(clip("a", source, [marker("rain", 0, 0, rate)], span(86400, 216, 23.976))), tmp_path
    )

    assert made.rate == Fraction(24000, 1001)
    assert made.shots[0].duration == 52 * Fraction(1001, 24000)
    assert media_frames(made.shots[0], made.rate) == list(range(24, 76))
