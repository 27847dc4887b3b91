import numpy as np
import pytest

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics import inception
from diffava_foley.evaluation.metrics.inception import inception_score


@pytest.fixture
def logits():
    return 3 * np.random.default_rng(0).normal(size=(100, 20))


def test_a_judge_without_a_clue_scores_1():
    assert inception_score(np.zeros((50, 7))).mean == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("classes", [2, 5, 40])
def test_sure_and_even_verdicts_score_the_number_of_classes(classes):
    one_hot = np.tile(np.where(np.eye(classes), 0.0, -1e4), (10, 1))

    spread = inception_score(one_hot, splits=1)

    assert spread.mean == pytest.approx(classes)
    assert spread.std == 0


def test_sounds_all_alike_score_1_however_sure_the_judge(logits):
    assert inception_score(np.tile(logits[:1], (50, 1))).mean == pytest.approx(1)


def test_the_score_is_the_same_in_any_order_where_there_is_one_split(logits):
    shuffled = np.random.default_rng(1).permutation(logits)

    first, second = inception_score(logits, splits=1), inception_score(shuffled, splits=1)

    assert first.mean == pytest.approx(second.mean, rel=1e-12)


def test_a_split_of_few_clips_bounds_the_score_by_their_number():
    one_hot = np.where(np.eye(30), 0.0, -1e4)

    assert inception_score(one_hot, splits=10).mean == pytest.approx(3)


def test_float32_logits_are_counted_in_float64(logits):
    coarse = logits.astype(np.float32)

    assert inception_score(coarse) == inception_score(coarse.astype(np.float64))


def test_fewer_clips_than_splits_are_refused(logits):
    with pytest.raises(EvaluationError, match="9 clips are too few, take 10"):
        inception_score(logits[:9])


def test_its_name_tells_splits_and_shuffle():
    assert inception.name() == "IS-softmax, 10 splits, shuffled by 2020"
    assert inception.name(1, None) == "IS-softmax, 1 split, in order"
