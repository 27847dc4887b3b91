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


def test_loss_leaves_out_the_seconds_that_a_clip_does_not_have():
    generator = torch.Generator().manual_seed(0)
    audio = torch.randn(3, 2, 5, generator=generator)
    aligned = torch.randn(3, 2, 5, generator=generator)
    mask = torch.tensor([[True, True], [True, False], [True, True]])
    short = [0, 2]  # the clips that have a second second

    masked = contrastive.loss(audio, aligned, 0.1, mask)
    first = contrastive.loss(audio[:, :1], aligned[:, :1], 0.1)
    second = contrastive.loss(audio[short, 1:], aligned[short, 1:], 0.1)

    assert masked.item() == pytest.approx((3 * first.item() + 2 * second.item()) / 5, rel=1e-5)


def test_what_stands_in_a_missing_second_teaches_nothing():
    audio, aligned = torch.randn(2, 3, 2, 5, generator=torch.Generator().manual_seed(0))
    aligned.requires_grad_()
    mask = torch.tensor([[True, True], [True, False], [True, True]])

    contrastive.loss(audio, aligned, mask=mask).backward()

    assert aligned.grad is not None
    assert aligned.grad[1, 1].abs().max() == 0
    assert (aligned.grad[mask].abs().sum(dim=-1) > 0).all()
    assert torch.isfinite(aligned.grad).all()


def test_a_full_mask_changes_nothing():
    audio, aligned = torch.randn(2, 4, 3, 5, generator=torch.Generator().manual_seed(0))

    masked = contrastive.loss(audio, aligned, mask=torch.ones(4, 3, dtype=torch.bool))

    torch.testing.assert_close(masked, contrastive.loss(audio, aligned))
