import math

import pytest
import torch

from diffava_foley.training import contrastive


def test_loss_is_equation_two_term_by_term():
    generator = torch.Generator().manual_seed(0)
    audio = torch.randn(3, 2, 5, generator=generator)
    aligned = torch.randn(3, 2, 5, generator=generator)

    def likeness(b: int, m: int, i: int) -> float:
        return float(torch.cosine_similarity(audio[b, i], aligned[m, i], dim=0)) / 0.1

    terms = [
        -likeness(b, b, i) + math.log(sum(math.exp(likeness(b, m, i)) for m in range(3)))
        for b in range(3)
        for i in range(2)
    ]
    assert contrastive.loss(audio, aligned, 0.1).item() == pytest.approx(sum(terms) / 6, rel=1e-5)


def test_loss_prefers_each_clip_with_its_own_sound():
    audio = torch.eye(4)[:, None]  # (B, 1, D)

    matched = contrastive.loss(audio, audio)
    mixed_up = contrastive.loss(audio, audio.roll(1, dims=0))

    assert matched < 1e-4 < mixed_up


def test_loss_of_clips_that_cannot_be_told_apart_is_chance():
    same = torch.ones(8, 3, 5)

    assert contrastive.loss(same, same).item() == pytest.approx(math.log(8), rel=1e-5)
