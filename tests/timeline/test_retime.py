import itertools
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.schema import Effect, FreezeFrame, LinearTimeWarp, TimeEffect
from timeline.cutting import FILM

from diffava_foley.errors import TimelineError
from diffava_foley.timeline.retime import Retime, Warp, speed_of

RATES = st.sampled_from([Fraction(24), Fraction(25), FILM, Fraction(30000, 1001), Fraction(60)])


def retime(**fields) -> Retime:
    base = {
        "begin": Fraction(0),
        "nests": (),
        "origin": Fraction(0),
        "rate": Fraction(24),
        "frames": 10,
        "start": Fraction(0),
        "media_rate": Fraction(24),
    }
    return Retime(**base | fields)


def warp(**fields) -> Warp:
    base = {
        "origin": Fraction(0),
        "start": Fraction(0),
        "rate": Fraction(24),
        "frames": 10,
        "speed": Fraction(1),
    }
    return Warp(**base | fields)


def shown(retime: Retime) -> list[int]:
    return [retime.media_frame(k / retime.rate) for k in range(retime.frames)]


def test_at_normal_speed_frame_follows_frame():
    assert shown(retime(start=Fraction(7), frames=4)) == [7, 8, 9, 10]


def test_half_speed_shows_every_frame_twice():
    assert shown(retime(speed=Fraction(1, 2), frames=6)) == [0, 0, 1, 1, 2, 2]


def test_past_its_end_the_media_holds_its_last_frame():
    assert shown(retime(speed=Fraction(3), frames=5, last=7)) == [0, 3, 6, 7, 7]


def test_a_freeze_holds_the_first_frame():
    assert shown(retime(start=Fraction(181), speed=Fraction(0), frames=3)) == [181, 181, 181]


def test_backwards_the_source_starts_with_the_last_frame_shown():
    backwards = retime(start=Fraction(20), speed=Fraction(-1), frames=41)

    assert shown(backwards) == list(range(60, 19, -1))


@settings(max_examples=50, deadline=None)
@given(
    start=st.integers(0, 10**6),
    speed=st.fractions(-20, 20, max_denominator=1000),
    frames=st.integers(1, 60),
    last=st.integers(0, 10**6) | st.none(),
    rate=RATES,
)
def test_every_frame_is_the_one_an_editor_renders(start, speed, frames, last, rate):
    made = retime(
        start=Fraction(start), speed=speed, frames=frames, last=last, rate=rate, media_rate=rate
    )

    forward = [floor(start + k * abs(speed)) for k in range(frames)]
    expected = forward if speed >= 0 else forward[::-1]
    assert shown(made) == [f if last is None else min(last, f) for f in expected]


@settings(max_examples=50, deadline=None)
@given(frames=st.integers(1, 500), rate=RATES, media_rate=RATES, at=st.fractions(0, 1))
def test_the_moment_is_the_middle_of_a_frame_of_the_media(frames, rate, media_rate, at):
    made = retime(frames=frames, rate=rate, media_rate=media_rate)
    moment = at * frames / rate

    half_frames = made.media_moment(moment) * media_rate * 2
    assert half_frames.denominator == 1
    assert half_frames % 2 == 1


@settings(max_examples=50, deadline=None)
@given(frames=st.integers(1, 500), rate=RATES, begin=st.integers(0, 400))
def test_a_part_of_a_clip_shows_what_the_clip_shows_there(frames, rate, begin):
    whole = retime(frames=frames, rate=rate, speed=Fraction(7, 10))
    part = retime(frames=frames, rate=rate, speed=Fraction(7, 10), begin=begin / rate)

    assert part.media_frame(Fraction(0)) == whole.media_frame(begin / rate)


def test_real_time_is_kept_between_rates():
    made = retime(start=Fraction("30.72"), rate=Fraction(25), media_rate=Fraction(24), frames=44)

    assert [shown(made)[k] for k in (0, 1, 8, 43)] == [30, 31, 38, 72]


def test_a_slowed_nest_holds_the_frames_in_it():
    nest = Warp(Fraction(1), Fraction(0), Fraction(24), 29, Fraction(0.8545454551724138))
    made = retime(nests=(nest,), begin=Fraction(1), frames=24, start=Fraction(429))

    inside = [made.media_frame(Fraction(2 * k + 1, 48)) for k in range(29)]
    assert inside == [429 + floor(k * 0.8545454551724138) for k in range(29)]


def test_speeds_of_several_effects_multiply():
    effects = [LinearTimeWarp(time_scalar=2.0), Effect(), LinearTimeWarp(time_scalar=-0.25)]

    assert speed_of(effects) == Fraction(-1, 2)
    assert speed_of([FreezeFrame()]) == 0
    assert speed_of([]) == 1


def test_a_time_effect_without_a_speed_is_named_and_not_guessed():
    with pytest.raises(TimelineError, match="TimeWarp"):
        speed_of([TimeEffect(name="TimeWarp1", effect_name="TimeWarp")])


@pytest.mark.parametrize("scalar", [float("nan"), float("inf")])
def test_a_speed_that_is_no_number_is_refused(scalar):
    with pytest.raises(TimelineError, match="means nothing"):
        speed_of([LinearTimeWarp(time_scalar=scalar)])


# Handles


@settings(max_examples=200, deadline=None)
@given(
    start=st.integers(0, 60),
    speed=st.fractions(-4, 4, max_denominator=20).filter(bool),
    frames=st.integers(1, 30),
    rate=RATES,
    media_rate=RATES,
    last=st.integers(60, 400),
    part=st.tuples(st.integers(0, 10), st.integers(0, 10)),
)
def test_handles_show_what_lies_around_the_cut_and_nothing_beyond_the_media(
    start, speed, frames, rate, media_rate, last, part
):
    first, less = (min(p, frames - 1) for p in part)
    length = max(1, frames - first - less)
    base = {"rate": rate, "media_rate": media_rate, "frames": frames, "speed": speed}
    shot = retime(**base, begin=first / rate, start=Fraction(start), last=last)
    room = [min(floor(seconds * rate), 50) for seconds in shot.room(length / rate)]
    longer = shot.extended(room[0] / rate, room[1] / rate)

    half = 1 / rate / 2
    inside = [shot.media_frame(k / rate + half) for k in range(length)]
    count = room[0] + length + room[1]
    whole = [longer.media_frame(k / rate + half) for k in range(count)]
    assert whole[room[0] : room[0] + length] == inside
    step = abs(speed) * media_rate / rate
    if start + frames * step <= last:  # a cut that overshoots its media has no room to measure
        moves = {b - a for a, b in itertools.pairwise(whole)}
        assert all(abs(abs(move) - step) < 1 for move in moves)
        assert all(0 <= frame <= last for frame in whole)


def test_the_room_around_a_cut_is_all_that_the_media_has():
    forward = retime(start=Fraction(7), frames=10, last=99)
    half = retime(start=Fraction(7), frames=10, last=99, speed=Fraction(1, 2))
    backward = retime(start=Fraction(7), frames=10, last=99, speed=Fraction(-1))
    frame = Fraction(1, 24)

    assert forward.room(10 * frame) == (7 * frame, 83 * frame)
    assert half.room(10 * frame) == (14 * frame, 176 * frame)
    assert backward.room(10 * frame) == (83 * frame, 7 * frame)


def test_a_part_of_a_clip_has_the_rest_of_it_for_handles():
    part = retime(begin=Fraction(3, 24), start=Fraction(7), frames=10, last=16)

    assert part.room(Fraction(4, 24)) == (Fraction(10, 24), Fraction(3, 24))


def test_no_more_is_promised_than_is_known():
    unknown = retime(start=Fraction(7), frames=10, last=None)
    nested = retime(nests=(warp(speed=Fraction(2)),), last=99)

    assert unknown.room(Fraction(10, 24)) == (Fraction(7, 24), 0)
    assert nested.room(Fraction(10, 24)) == (0, 0)


def test_a_frozen_frame_goes_on_for_as_long_as_anybody_asks():
    frozen = retime(start=Fraction(50), speed=Fraction(0), last=99)

    assert min(frozen.room(Fraction(10, 24))) > 3600
    longer = frozen.extended(Fraction(2), Fraction(2))
    assert {longer.media_frame(Fraction(k, 24)) for k in range(106)} == {50}
