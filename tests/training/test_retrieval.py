import pytest
import torch
from torch.nn import functional as F

from diffava_foley.training import retrieval


def test_what_is_aligned_perfectly_is_found_at_once() -> None:
    audio = torch.eye(6)[:, None]  # (N, 1, D)

    found = retrieval.retrieve(audio, audio, torch.ones(6, 1, dtype=torch.bool))

    assert (found.recall_1, found.recall_5, found.median_rank, found.clips) == (1, 1, 1, 6)


def test_what_cannot_be_told_apart_is_found_last() -> None:
    same = torch.ones(8, 2, 3)

    found = retrieval.retrieve(same, same, torch.ones(8, 2, dtype=torch.bool))

    assert (found.recall_1, found.recall_5, found.median_rank) == (0, 0, 8)


def test_ranks_are_counted_one_by_one() -> None:
    likeness = torch.tensor([[0.5, 0.9, 0.1], [0.2, 0.8, 0.3], [0.3, 0.2, 0.1]])

    assert retrieval.rank(likeness).tolist() == [2, 1, 3]


def test_likeness_is_the_mean_cosine_over_the_seconds_that_both_have() -> None:
    random = torch.Generator().manual_seed(0)
    audio, aligned = torch.randn(2, 3, 4, 5, generator=random)
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=torch.bool)

    likeness = retrieval.likeness(audio, aligned, mask)

    for n in range(3):
        for m in range(3):
            both = [i for i in range(4) if mask[n, i] and mask[m, i]]
            cosines = [F.cosine_similarity(audio[n, i], aligned[m, i], dim=0) for i in both]
            assert likeness[n, m].item() == pytest.approx(float(sum(cosines)) / len(both), abs=1e-6)
