"""Clips where they appear, through nests, trims, retimes, transitions and mixed rates."""

from fractions import Fraction
from math import floor

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime
from opentimelineio.schema import Transition
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

from diffava_foley.timeline.placements import lay_out


def marked(name: str, start: float, length: float, rate: float = 24, **fields):
    return clip(name, span(start, length, rate), [marker(name, start, 1, rate)], **fields)


def test_transitions_move_nothing(tmp_path):
    fade = Transition(in_offset=RationalTime(5, 24), out_offset=RationalTime(7, 24))
    made = plan(cut(marked("a", 20, 20), fade, marked("b", 30, 20)), tmp_path)

    assert shots(made) == [("a", "a", 0, 20), ("b", "b", 20, 20)]


def test_items_of_other_rates_lie_at_their_exact_seconds(tmp_path):
    made = plan(cut(gap(1), gap(30, rate=30), marked("a", 0, 48, 23.976)), tmp_path)

    assert made.rate == 24
    assert made.shots[0].start == 1 + Fraction(1, 24)
    assert made.shots[0].duration == 48 * Fraction(1001, 24000)


def test_a_trimmed_nest_shows_a_part_of_its_clips(tmp_path):
    nest = stack(track(marked("a", 0, 20), marked("b", 50, 20)), source=span(15, 10))
    made = plan(cut(gap(100), nest), tmp_path)

    assert shots(made) == [("a", "a", 100, 5), ("b", "b", 105, 5)]
    assert media_frames(made.shots[0]) == [15, 16, 17, 18, 19]
    assert media_frames(made.shots[1]) == [50, 51, 52, 53, 54]


def test_a_trim_from_before_its_content_begins_with_nothing(tmp_path):
    made = plan(cut(track(marked("a", 0, 9), source_range=span(-7, 16))), tmp_path)

    assert shots(made) == [("a", "a", 7, 9)]


def test_a_trim_that_would_leave_nothing_is_record_timecode(tmp_path):
    made = plan(cut(track(marked("a", 0, 9), source_range=span(-86243, 9))), tmp_path)

    assert shots(made) == [("a", "a", 0, 9)]


def test_a_frozen_nest_holds_one_frame_of_one_clip(tmp_path):
    nest = stack(
        track(marked("a", 7, 20), marked("b", 0, 20)),
        source=span(3, 12),
        effects=[otio.schema.FreezeFrame()],
    )
    made = plan(cut(nest), tmp_path)

    assert shots(made) == [("a", "a", 0, 12)]
    assert media_frames(made.shots[0]) == [10] * 12


def test_a_nest_played_backwards_shows_its_last_clip_first(tmp_path):
    nest = stack(track(marked("a", 0, 10), marked("b", 50, 10)), effects=[speed(-1)])
    made = plan(cut(nest), tmp_path)

    assert shots(made) == [("b", "b", 0, 10), ("a", "a", 10, 10)]
    assert media_frames(made.shots[0]) == list(range(59, 49, -1))
    assert media_frames(made.shots[1]) == list(range(9, -1, -1))


@settings(max_examples=40, deadline=None)
@given(
    scalar=st.sampled_from([0.5, 0.8545454551724138, 1.0, 1.1, 2.0, 3.0, -1.0, -0.5, -2.0]),
    start=st.integers(0, 15),
    length=st.integers(1, 25),
)
def test_a_retimed_nest_shows_its_clips_frame_by_frame(scalar, start, length):
    clips = [clip(name, span(100 * n, 12)) for n, name in enumerate("abcd")]
    nest = stack(track(*clips), source=span(start, length), effects=[speed(scalar)])
    timeline = cut(gap(6), nest)

    layout = lay_out(timeline, lambda clip: Fraction(0))
    placed = [
        p for p in layout.placements if isinstance(p.item, otio.schema.Clip) and p.start < p.end
    ]
    seen = {
        int(p.start * 24) + k: p.item.name
        for p in placed
        for k in range(int((p.end - p.start) * 24))
    }
    expected = {}
    for k in range(length):
        step = k if scalar >= 0 else length - 1 - k
        frame = floor(start + step * abs(Fraction(scalar).limit_denominator(10**9)))
        if frame < 48:
            expected[6 + k] = "abcd"[frame // 12]
    assert seen == expected


@pytest.mark.parametrize("level", ["clip", "track", "nest"])
def test_what_is_disabled_is_skipped_and_says_so(tmp_path, level):
    one = marked("a", 0, 10)
    nest = stack(track(one))
    timeline = cut(nest, marked("b", 0, 10))
    {"clip": one, "track": nest[0], "nest": nest}[level].enabled = False
    made = plan(timeline, tmp_path)

    assert shots(made) == [("b", "b", 10, 10)]
    kind = {"clip": "the clip", "track": "its track", "nest": "its stack"}[level]
    assert made.skipped[0].reason == f"{kind} is disabled"


def test_audio_and_subtitles_are_no_pictures(tmp_path):
    tracks = (track(marked("a", 0, 9), kind=kind) for kind in ("Audio", "Subtitle"))
    made = plan(cut(*tracks, track(marked("b", 0, 9))), tmp_path)

    assert shots(made) == [("b", "b", 0, 9)]
    assert made.skipped == ()


def test_an_effect_without_a_speed_is_skipped_and_named(tmp_path):
    ramp = otio.schema.TimeEffect(effect_name="Speed ramp")
    nest = stack(track(marked("c", 0, 9)), effects=[ramp])
    made = plan(cut(marked("a", 0, 9, effects=[ramp]), marked("b", 0, 9), nest), tmp_path)

    assert shots(made) == [("b", "b", 9, 9)]
    assert [s.clip for s in made.skipped] == ["a", "c"]
    assert all("'Speed ramp'" in s.reason for s in made.skipped)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (clip("bad", span(0, 0), [marker("x")]), "zero frames"),
        (clip("bad", span(0, float("nan")), [marker("x")]), "nan frames means nothing"),
        (clip("bad", span(0, 5, 0), [marker("x")], span(0, 9)), "rate of 0.0"),
        (clip("bad", span(0, -5), [marker("x")]), "zero frames"),
    ],
)
def test_a_clip_of_no_length_stops_nothing(tmp_path, bad, reason):
    made = plan(cut(bad, marked("b", 0, 10)), tmp_path)

    assert shots(made) == [("b", "b", 0, 10)]
    assert reason in made.skipped[0].reason


def test_an_empty_timeline_is_an_empty_plan(tmp_path):
    made = plan(cut(), tmp_path)

    assert (made.shots, made.skipped, made.duration) == ((), (), 0)


def test_ids_tell_shots_apart(tmp_path):
    two = clip("a", span(0, 20), [marker("x", 0), marker("y", 9)])
    nest = stack(track(marked("c", 0, 9)), track(marked("d", 0, 9)))
    made = plan(cut(track(gap(4), two, nest), track(marked("e", 0, 9), name="V2")), tmp_path)

    assert [shot.id for shot in made.shots] == ["V2.1", "V1.2/1", "V1.2/2", "V1.3.1.1", "V1.3.2.1"]
