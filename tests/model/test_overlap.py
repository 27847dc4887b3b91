from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from diffava_foley.model import overlap


@given(st.integers(1, 5000), st.integers(8, 300))
def test_windows_cover_everything_and_share_a_quarter(length: int, window: int) -> None:
    parts = overlap.spans(length, window)

    assert parts[0][0] == 0
    assert parts[-1][1] == length
    assert all(stop - start == min(window, length) for start, stop in parts)
    for (_, stop), (start, _) in pairwise(parts):
        assert stop - start >= round(window * overlap.OVERLAP) - 1


@given(st.integers(1, 300), st.integers(8, 60), st.integers(1, 4))
def test_windows_of_one_thing_blend_to_that_thing(length: int, window: int, scale: int) -> None:
    thing = torch.randn(1, 2, length * scale, 3, generator=torch.Generator().manual_seed(0))

    def piece(span: overlap.Span) -> Tensor:
        return thing[:, :, span[0] * scale : span[1] * scale]

    torch.testing.assert_close(overlap.blend(overlap.spans(length, window), piece, scale), thing)


def test_a_single_window_is_passed_on_untouched() -> None:
    piece = torch.randn(1, 1, 5, 1)

    assert overlap.blend(((0, 5),), lambda span: piece) is piece


def test_one_window_gives_way_to_the_next_without_a_jump() -> None:
    parts = overlap.spans(100, 60)
    levels = iter((0.0, 1.0))

    blended = overlap.blend(parts, lambda span: torch.full((1, 1, 60, 1), next(levels)))[0, 0, :, 0]

    assert blended[0] == 0
    assert blended[-1] == 1
    assert blended.diff().min() >= 0
    assert blended.diff().max() < 0.2


@pytest.mark.parametrize("window", [1, 2, 3])
def test_even_tiny_windows_blend(window: int) -> None:
    def piece(span: overlap.Span) -> Tensor:
        return torch.ones(1, 1, span[1] - span[0], 1)

    assert torch.allclose(overlap.blend(overlap.spans(20, window), piece), torch.ones(1, 1, 20, 1))
