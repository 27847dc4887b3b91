from pathlib import Path

import pytest

from diffava_foley.errors import FoleyError
from diffava_foley.model.settings import Settings
from diffava_foley.model.weights import Weights


def test_what_is_left_open_the_weights_decide() -> None:
    weights = Weights(
        "w",
        "1",
        Path("w"),
        steps=25,
        guidance=3.0,
        guided=0.5,
        negative="hiss",
        sampler="unipc",
        presence="gain",
        rescale=0.7,
    )
    chosen = Settings(7, 1.5, 0.0, "", sampler="heun", presence="off", rescale=0.0)
    left = Settings(25, 3.0, 0.5, "hiss", sampler="unipc", presence="gain", rescale=0.7)

    assert Settings().resolve(weights) == left
    assert chosen.resolve(weights) == chosen


def test_weights_that_ask_for_an_unknown_sampler_are_refused() -> None:
    with pytest.raises(FoleyError, match="no sampler 'euler'"):
        Settings().resolve(Weights("w", "1", Path("w"), sampler="euler"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"steps": 0}, "steps must be from 1 to 1000, not 0"),
        ({"guidance": 0.5}, "guidance must be from 1 to 100, not 0.5"),
        ({"presence": "loud"}, "no presence 'loud': one of off, quiet"),
        ({"guided": 1.5}, "guided must be a share from 0 to 1, not 1.5"),
        ({"rescale": -0.1}, "rescale must be a share from 0 to 1, not -0.1"),
        ({"guidance": float("nan")}, "guidance must be"),
        ({"conditioning": "none"}, "no conditioning 'none'"),
        ({"sampler": "euler"}, "no sampler 'euler': one of ddim"),
    ],
)
def test_impossible_choices_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(FoleyError, match=message):
        Settings(**wrong)  # type: ignore[arg-type]


def test_the_small_print_says_how_the_steps_are_taken() -> None:
    plain = Settings(30, 3.0, 1.0, sampler="ddim", rescale=0.0)
    every = Settings(16, 4.5, 0.6, sampler="dpmpp-sde", rescale=0.7)

    assert plain.in_words == "30 ddim steps, guidance 3"
    assert every.in_words == "16 dpmpp-sde steps, guidance 4.5, in 60% of them, rescaled by 0.7"
