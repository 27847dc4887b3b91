import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from model.test_video_encoders import lite0

from diffava_foley.model import encoders
from diffava_foley.model.models import Models
from diffava_foley.model.video_encoders import load_video_encoder


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


def test_a_second_may_be_looked_at_in_halves_whose_mean_it_is(tiny: Models, tmp_path: Path) -> None:
    models = replace(tiny, video_encoder=load_video_encoder(lite0(tmp_path), torch.device("cpu")))
    frames = np.random.default_rng(0).integers(0, 255, (2, 8, 224, 224, 3), dtype=np.uint8)
    windows = [frames[0], None, frames[1]]

    halves, seen = encoders.embed_video(models, windows, pieces=2)
    whole, mask = encoders.embed_video(models, windows)
    (first, *_), _ = encoders.embed_video(models, [frames[0, :4]])

    assert halves.shape == (1, 6, whole.shape[2])
    assert seen[0].tolist() == [True, True, False, False, True, True]
    torch.testing.assert_close(halves.unflatten(1, (3, 2)).mean(dim=2), whole)
    torch.testing.assert_close(halves[0, 0], first[0])
    assert mask[0].tolist() == [True, False, True]
