import logging

import numpy as np
import pytest
import torch

from diffava_foley.model import encoders
from diffava_foley.model.models import Models


def test_captions_become_vectors_of_unit_length(either: Models) -> None:
    embedded = encoders.embed_text(either, ["a dog barks", "rain", ""])

    assert embedded.shape == (3, 8)
    torch.testing.assert_close(embedded.norm(dim=-1), torch.ones(3))


def test_a_caption_does_not_depend_on_its_batch(either: Models) -> None:
    together = encoders.embed_text(either, ["rain", "a dog barks the door the glass"])
    alone = encoders.embed_text(either, ["rain"])

    torch.testing.assert_close(together[:1], alone)
    assert not torch.allclose(together[0], together[1], atol=1e-3)


def test_a_caption_too_long_is_cut_and_told(
    either: Models, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        embedded = encoders.embed_text(either, ["rain " * 200])

    assert torch.isfinite(embedded).all()
    assert "longer than the model reads" in caplog.text


def test_windows_are_looked_at_one_by_one(tiny: Models) -> None:
    frames = np.zeros((8, 40, 32, 3), np.uint8)

    video, mask = encoders.embed_video(tiny, iter([frames, None, frames]))

    assert video.shape == (1, 3, 16)
    assert mask.tolist() == [[True, False, True]]
    assert torch.equal(video[0, 0], video[0, 2])


def test_no_windows_are_no_seconds(tiny: Models) -> None:
    video, mask = encoders.embed_video(tiny, [])

    assert video.shape == (1, 0, 16)
    assert mask.shape == (1, 0)
