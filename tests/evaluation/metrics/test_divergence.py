import numpy as np
import pytest
import torch
from torch.nn import functional as F

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.metrics import divergence
from diffava_foley.evaluation.metrics.divergence import kl, kl_of_pairs

CONVENTIONS = ["audioldm_eval", "av-benchmark"]


@pytest.fixture
def pairs():
    draw = np.random.default_rng(0)
    return 4 * draw.normal(size=(30, 12)), 4 * draw.normal(size=(30, 12))


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_a_clip_diverges_from_itself_by_nought(pairs, activation, convention):
    assert kl(pairs[0], pairs[0], activation, convention=convention) == pytest.approx(0, abs=2e-5)


def test_two_classes_diverge_as_on_paper():
    reference, generated = np.log([[0.5, 0.5]]), np.log([[0.9, 0.1]])
    there = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(0.5 / 0.1)
    back = 0.9 * np.log(0.9 / 0.5) + 0.1 * np.log(0.1 / 0.5)

    assert kl(reference, generated, convention="av-benchmark") == pytest.approx(there)
    assert kl(
        reference, generated, direction="generated||reference", convention="av-benchmark"
    ) == pytest.approx(back)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_audioldm_eval_is_the_call_of_torch_that_it_makes(pairs, activation):
    reference, generated = (torch.from_numpy(one) for one in pairs)
    chances = torch.sigmoid if activation == "sigmoid" else lambda x: x.softmax(dim=1)
    theirs = F.kl_div((chances(generated) + 1e-6).log(), chances(reference), reduction="sum")

    assert kl(*pairs, activation) == pytest.approx(float(theirs) / 30, rel=1e-9)


def test_av_benchmark_is_the_call_of_torch_that_it_makes(pairs):
    reference, generated = (torch.from_numpy(one).log_softmax(dim=1) for one in pairs)
    theirs = F.kl_div(generated, reference, reduction="sum", log_target=True)

    assert kl(*pairs, convention="av-benchmark") == pytest.approx(float(theirs) / 30, rel=1e-9)


def test_the_conventions_part_where_a_judge_is_sure():
    reference, generated = np.array([[60.0, 0.0]]), np.array([[0.0, 60.0]])

    assert kl(reference, generated, convention="av-benchmark") == pytest.approx(60)
    assert kl(reference, generated) == pytest.approx(-np.log(1e-6), rel=1e-3)


def test_the_mean_is_over_pairs_in_any_order(pairs):
    order = np.random.default_rng(1).permutation(30)

    assert kl(pairs[0][order], pairs[1][order]) == pytest.approx(kl(*pairs))
    assert kl(*pairs) == pytest.approx(kl_of_pairs(*pairs).mean())


def test_sets_that_are_no_pairs_are_refused(pairs):
    with pytest.raises(EvaluationError, match="not pairs"):
        kl(pairs[0], pairs[1][:-1])


def test_logits_that_are_no_numbers_are_refused(pairs):
    pairs[1][3, 3] = np.nan

    with pytest.raises(EvaluationError, match="not numbers"):
        kl(*pairs)


def test_its_name_tells_activation_direction_and_convention():
    assert divergence.name() == "KL-softmax(ref||gen), audioldm_eval"
    assert (
        divergence.name("sigmoid", "generated||reference", "av-benchmark")
        == "KL-sigmoid(gen||ref), av-benchmark"
    )
