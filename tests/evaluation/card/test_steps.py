import pytest

from diffava_foley.errors import FoleyError
from diffava_foley.evaluation.card.steps import Trial
from diffava_foley.model.settings import Settings


@pytest.mark.parametrize(
    ("text", "trial"),
    [
        ("ddim:200", Trial("ddim", 200)),
        ("dpmpp:12:0.5", Trial("dpmpp", 12, 0.5)),
        ("dpmpp-sde:16:1:0.7", Trial("dpmpp-sde", 16, 1.0, 0.7)),
    ],
)
def test_a_trial_is_written_sampler_steps_guided_rescale(text, trial):
    assert Trial.parse(text) == trial


@pytest.mark.parametrize(
    "text",
    ["ddim", "ddim:", "ddim:many", "euler:10", "ddim:10:2", "ddim:0", "ddim:9:1:2", "ddim:9:1:1:1"],
)
def test_a_trial_that_cannot_be_is_refused(text):
    with pytest.raises(FoleyError):
        Trial.parse(text)


@pytest.mark.parametrize(
    ("trial", "calls"),
    [
        (Trial("ddim", 200), 400),
        (Trial("ddim", 20, 0.5), 30),
        (Trial("ddim", 20, 0.0), 20),
        (Trial("heun", 10), 38),  # two evaluations a step, one in the last
    ],
)
def test_a_trial_costs_a_call_a_step_and_one_more_where_it_is_guided(trial, calls):
    assert trial.calls == calls


def test_a_trial_says_how_its_steps_are_taken_and_not_how_many():
    assert Trial("ddim", 200).way == Trial("ddim", 20, rescale=0.0).way == "DDIM"
    assert Trial("dpmpp", 12, 0.5, 0.7).way == "DPM-Solver++, guided for 50%, rescaled by 0.7"


def test_a_trial_leaves_the_other_settings_as_they_are():
    settings = Trial("unipc", 7, 0.6).settings(Settings(guidance=4.0, negative="hiss"))

    assert settings == Settings(7, 4.0, 0.6, "hiss", sampler="unipc")
    assert Trial("ddim", 7).settings(Settings(rescale=0.7)).rescale == 0.7
    assert Trial("ddim", 7, 1.0, 0.0).settings(Settings(rescale=0.7)).rescale == 0.0
