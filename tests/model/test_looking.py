from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from diffava_foley.model import conditioning, encoders
from diffava_foley.model.looking import Voice, look
from diffava_foley.model.models import Models
from diffava_foley.model.presence import Presence
from diffava_foley.model.settings import Settings

DOG, TRAIN, RAIN = "a dog barks", "a train passes", "rain falls"
EARLY, LATE, NEVER = [99.0, 99.0, -99.0], [-99.0, -99.0, 99.0], [-99.0] * 3
WINDOWS: list[NDArray[np.uint8] | None] = list(
    np.random.default_rng(0).integers(0, 255, (3, 8, 32, 40, 3), dtype=np.uint8)
)


def looked(models: Models, caption: str, **settings: object) -> tuple[Voice, ...]:
    chosen = Settings(**settings).resolve(models.weights)  # type: ignore[arg-type]
    return look(models, WINDOWS, caption, chosen)


def showing(models: Models, *odds: list[float], quiet: str = "") -> Models:
    """The models with an alignment that sees each phrase with these odds, second by second."""

    class Told(Presence):
        def forward(self, seen: Tensor, text: Tensor) -> Tensor:
            return torch.tensor(odds)

    alignment = deepcopy(models.alignment)
    assert alignment is not None
    alignment.presence = Told(alignment.config.text_width)
    return replace(models, alignment=alignment, weights=replace(models.weights, quiet=quiet))


def aligned(models: Models, caption: str) -> Tensor:
    """(1, T, D)"""
    assert models.alignment is not None
    video, mask = encoders.embed_video(models, WINDOWS)
    seconds: Tensor = models.alignment(video, encoders.embed_text(models, [caption]), mask)
    return seconds


def test_each_phrase_that_is_seen_is_a_voice_of_its_own_seconds(tiny: Models) -> None:
    dog, train = looked(showing(tiny, EARLY, LATE), f"{DOG} and {TRAIN}", presence="gain")

    assert dog.there is not None
    assert dog.there.tolist() == [[1, 1, 0]]
    assert train.there is not None
    assert train.there.tolist() == [[0, 0, 1]]
    torch.testing.assert_close(dog.condition, aligned(tiny, DOG)[:, [0, 1, 1]])
    torch.testing.assert_close(
        train.condition, conditioning.one_vector(aligned(tiny, TRAIN)[:, [2, 2, 2]])
    )


def test_phrases_that_are_never_seen_are_one_voice_throughout(tiny: Models) -> None:
    models = showing(tiny, NEVER, EARLY, NEVER)

    train, others = looked(models, f"{DOG}, {TRAIN} and {RAIN}", presence="gain")

    assert train.there is not None
    assert others.there is None
    torch.testing.assert_close(others.condition, aligned(tiny, f"{DOG} and {RAIN}"))


@pytest.mark.parametrize("presence", ["off", "quiet"])
def test_a_caption_is_one_voice_where_its_sounds_are_not_made_apart(
    tiny: Models, presence: str
) -> None:
    models = showing(tiny, EARLY)

    (voice,) = looked(models, f"{DOG} and {TRAIN}", presence=presence)

    assert voice.there is None
    torch.testing.assert_close(voice.condition, aligned(tiny, f"{DOG} and {TRAIN}"))


def test_silence_is_asked_for_where_a_phrase_is_not_seen(tiny: Models) -> None:
    models = showing(tiny, EARLY, LATE, quiet="silence")
    silence = encoders.embed_text(models, ["silence"])[0]

    dog, train = looked(models, f"{DOG} and {TRAIN}", presence="both")

    torch.testing.assert_close(dog.condition[0, 2], silence)
    torch.testing.assert_close(dog.condition[0, :2], aligned(tiny, DOG)[0, :2])
    torch.testing.assert_close(train.condition[0, 0], silence)


@pytest.mark.parametrize("quiet", ["", "silence"])
def test_quiet_needs_weights_that_know_silence(tiny: Models, quiet: str) -> None:
    (voice,) = looked(showing(tiny, EARLY, quiet=quiet), DOG, presence="quiet")

    asked = [*aligned(tiny, DOG)[0]]
    if quiet:
        asked[2] = encoders.embed_text(tiny, [quiet])[0]
    assert voice.there is None
    torch.testing.assert_close(voice.condition, torch.stack(asked)[None])


@pytest.mark.parametrize("how", ["text-only", "global"])
def test_one_vector_for_the_whole_shot_is_one_voice(tiny: Models, how: str) -> None:
    (voice,) = looked(showing(tiny, EARLY), f"{DOG} and {TRAIN}", conditioning=how, presence="gain")

    assert voice.there is None
    assert voice.condition.shape == (1, 8)


def test_an_eye_that_tells_halves_of_a_second_apart_does(tiny: Models) -> None:
    eye = deepcopy(tiny.video_encoder)
    assert eye is not None
    eye.pieces = 2
    models = replace(showing(tiny, [-99.0, 99.0, 99.0, 99.0, -99.0, -99.0]), video_encoder=eye)

    (dog,) = looked(models, DOG, presence="gain")

    assert dog.pace == 2
    assert dog.there is not None
    assert dog.there.tolist() == [[0, 1, 1, 1, 0, 0]]
    assert dog.condition.shape == (1, 3, 8)  # still one a second, the last from the second
    assert torch.equal(dog.condition[:, 1], dog.condition[:, 2])
