"""What a shot asks for: handles where there is picture and timecode, and the true moment."""

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime
from timeline.cutting import FILM, clip, cut, gap, marker, plan, span
from wavinfo import WavInfoReader

from diffava_foley import batch
from diffava_foley.batch import BatchOptions
from diffava_foley.errors import MissingMedia
from diffava_foley.orders import request_of
from diffava_foley.outputs import default_output
from diffava_foley.rendering import Handles, RenderOptions
from diffava_foley.timeline.shots import Plan

NTSC = Fraction(30000, 1001)
RATES = {24: Fraction(24), 25: Fraction(25), 29.97: NTSC, 23.976: FILM}


def a_plan(folder: Path, rate: float = 24, timecode: float | None = None, before: int = 24) -> Plan:
    """A gap, then frames 10 to 50 of a hundred."""
    picture = clip("a", span(10, 40, rate), [marker("rain", 10, 1, rate)])
    start = None if timecode is None else RationalTime(timecode, rate)
    items = (gap(before, rate=rate), picture) if before else (picture,)
    return plan(cut(*items, timecode=start), folder)


def ask(made: Plan, handles: Handles, template: str | None = None, **options):
    return request_of(made.shots[0], made, RenderOptions(handles=handles, **options), template)


def test_handles_go_as_far_as_the_media(tmp_path):
    asked = ask(a_plan(tmp_path), Handles(Fraction(1)))

    assert (asked.slate.head, asked.slate.tail) == (Fraction(10, 24), 1)
    assert asked.picture.duration == Fraction(10 + 40 + 24, 24)
    moments = asked.picture.media_moments([Fraction(1, 48), asked.picture.duration])
    assert moments[0] == Fraction(1, 48)  # the middle of the media's first frame


def test_handles_do_not_reach_before_midnight(tmp_path):
    assert ask(a_plan(tmp_path, before=0), Handles(Fraction(6), True)).slate.head == 0
    assert ask(a_plan(tmp_path, before=4), Handles(Fraction(6), True)).slate.head == Fraction(4, 24)
    late = a_plan(tmp_path, before=0, timecode=86_400)
    assert ask(late, Handles(Fraction(6), True)).slate.head == Fraction(6, 24)


@pytest.mark.parametrize("rate", RATES)
def test_handles_are_whole_frames_no_shorter_than_asked_for(tmp_path, rate):
    asked = ask(a_plan(tmp_path, rate), Handles(Fraction(1, 5)))

    frames = asked.slate.tail * RATES[rate]
    assert frames.denominator == 1
    assert asked.slate.tail >= Fraction(1, 5) > (frames - 1) / RATES[rate]


# The timeline's start in frames, and the true seconds to its shot 24 frames later, by hand
MOMENTS = [
    (24, 86_400, Fraction(3601)),
    (25, 90_000, 3600 + Fraction(24, 25)),
    (23.976, 86_400, Fraction("3603.6") + Fraction("1.001")),
    (29.97, 107_892, Fraction("3599.9964") + Fraction("0.8008")),  # 01;00;00;00
    (29.97, 108_000, Fraction("3603.6") + Fraction("0.8008")),  # 01:00:00:00
    (24, None, Fraction(1)),
]


@pytest.mark.parametrize(("rate", "timecode", "moment"), MOMENTS)
def test_the_moment_is_true_time_since_midnight(tmp_path, rate, timecode, moment):
    made = a_plan(tmp_path, rate, timecode)

    assert ask(made, Handles()).slate.moment == moment
    four = ask(made, Handles(Fraction(4), True)).slate
    assert four.moment == moment - 4 / RATES[rate]


def test_each_take_has_its_name(tmp_path):
    template = "{timeline}_{track}_{clip}_{caption}_{take}_{seed}"
    asked = ask(a_plan(tmp_path), Handles(), template, takes=2, seed=7)

    assert asked.slate.names == ("cut_V1_a_rain_1_7", "cut_V1_a_rain_2_8")


def test_a_shot_without_media_asks_for_nothing(tmp_path):
    made = a_plan(tmp_path)
    (tmp_path / "a.mov").unlink()

    with pytest.raises(MissingMedia, match=r"a\.mov|media is missing"):
        ask(plan_again(tmp_path), Handles())
    assert made.shots[0].source is not None


def plan_again(folder: Path) -> Plan:
    from diffava_foley.timeline.read import read

    return read(folder / "cut.otio")


@pytest.mark.parametrize("rate", RATES)
def test_file_and_timeline_agree_on_the_timecode(tmp_path, tiny_weights, rate):
    """The file's time reference is where the new timeline says that its media begins."""
    from media.drawing import Clip, draw

    draw(tmp_path / "a.mov", Clip(rate=RATES[rate], frames=100))
    made = a_plan(tmp_path, rate, 3600 * round(rate))
    draw(tmp_path / "a.mov", Clip(rate=RATES[rate], frames=100))
    rendering = RenderOptions(weights=str(tiny_weights), handles=Handles(Fraction(4), True))
    output = default_output(made.path)
    result = batch.render(made.path, output, BatchOptions(rendering=rendering, stem=True))

    written = otio.adapters.read_from_file(str(output))
    (sound,) = written.audio_tracks()[0].find_clips()
    available = sound.media_reference.available_range
    path = tmp_path / sound.media_reference.target_url
    frames = 3600 * round(rate) + 24 - 4
    assert (available.start_time.value, available.duration.value) == (frames, 48)
    assert (sound.source_range.start_time.value, sound.source_range.duration.value) == (
        frames + 4,
        40,
    )
    reference = WavInfoReader(str(path)).bext.time_reference
    assert abs(reference - frames * 48_000 / RATES[rate]) <= Fraction(1, 2)
    stem = WavInfoReader(str(result.stem)).bext.time_reference
    assert abs(stem - 3600 * round(rate) * 48_000 / RATES[rate]) <= Fraction(1, 2)
