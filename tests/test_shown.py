"""The pictures that the model is shown are those that the editor shows, retimed clips as well."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from media.drawing import HEIGHT, Clip, draw, numbers_in
from opentimelineio.schema import FreezeFrame
from timeline.cutting import clip, cut, gap, marker, plan, span, speed

from diffava_foley.events import ignore
from diffava_foley.orders import request_of
from diffava_foley.rendering import RenderOptions
from diffava_foley.studio import Studio

NTSC = Fraction(30000, 1001)

# One second at 24, in which the model looks at the frames 1, 4, 7, 10, 13, 16, 19 and 22
SHOWN = {
    "as it was": (20, [], [21, 24, 27, 30, 33, 36, 39, 42]),
    "200 %": (20, [speed(2)], [22, 28, 34, 40, 46, 52, 58, 64]),
    "50 %": (20, [speed(0.5)], [20, 22, 23, 25, 26, 28, 29, 31]),
    "90 %": (20, [speed(0.9)], [20, 23, 26, 29, 31, 34, 37, 39]),
    "-100 %": (20, [speed(-1)], [42, 39, 36, 33, 30, 27, 24, 21]),
    "frozen": (20, [FreezeFrame()], [20] * 8),
    "200 %, past the end": (90, [speed(2)], [92, 98, 99, 99, 99, 99, 99, 99]),
}


class Onlooker:
    """Stands where the model does and notes the numbers of the pictures it is given."""

    eye = SimpleNamespace(frames_per_window=8, short_side=HEIGHT)

    def __init__(self):
        self.numbers = []

    def __call__(self, frames, caption, duration, **choices):
        for window in frames:
            self.numbers += numbers_in(window)
        return ()


def shown(made) -> list[int]:
    """The numbers of the pictures that the model gets for a plan's only shot."""
    (shot,) = made.shots
    options = RenderOptions()
    studio, onlooker = Studio(options, ignore), Onlooker()
    studio.__dict__["pipeline"] = onlooker  # as if it were loaded
    studio.make(request_of(shot, made, options, None), range(1), lambda *_: None)
    return onlooker.numbers


@pytest.mark.parametrize("case", SHOWN)
def test_the_model_sees_the_frames_that_are_on_screen(tmp_path, case):
    start, effects, numbers = SHOWN[case]
    picture = clip("a", span(start, 24), [marker("rain", start)], effects=effects)
    made = plan(cut(gap(7), picture), tmp_path)
    draw(tmp_path / "a.mov", Clip(frames=100, group=12, reordered=2))

    assert shown(made) == numbers


def test_media_of_another_rate_is_seen_in_its_own_time(tmp_path):
    picture = clip("a", span(20, 24), [marker("rain", 20)], available=span(0, 100, 29.97))
    made = plan(cut(picture), tmp_path)
    draw(tmp_path / "a.mov", Clip(frames=100, rate=NTSC))

    # (20 + k) / 24 × 29.97, rounded down
    assert shown(made) == [26, 29, 33, 37, 41, 44, 48, 52]
