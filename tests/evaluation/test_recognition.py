import numpy as np
import pytest

from diffava_foley.evaluation import recognition
from diffava_foley.evaluation.recognition import Heard


def _heard(hits):
    return [Heard("rain", hit, ("Rain",)) for hit in hits]


def test_share_is_the_part_that_was_recognised():
    assert recognition.share(_heard([True, False, True, True])) == 0.75


def test_interval_holds_the_share_and_narrows_with_more_sounds():
    few, many = _heard([True, False] * 5), _heard([True, False] * 500)

    low, high = recognition.interval(few)
    narrow_low, narrow_high = recognition.interval(many)

    assert low < 0.5 < high
    assert high - low > 5 * (narrow_high - narrow_low)


def test_interval_of_unanimity_has_no_width():
    assert recognition.interval(_heard([True] * 10)) == (1.0, 1.0)


@pytest.mark.parametrize(("said", "right"), [("Rain", True), ("Fire", False), ("Silence", False)])
def test_a_sound_is_recognised_by_its_own_names_alone(said, right):
    class Judge:
        names = ("Rain", "Fire", "Silence")

        def hear(self, wave, rate):
            return self

        def top(self, names):
            return (said,)

    waves = [("rain", np.zeros(100, np.float32), 16_000)]

    assert [one.recognised for one in recognition.judge_waves(Judge(), waves)] == [right]
