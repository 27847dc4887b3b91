from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from diffava_foley.model import variants
from diffava_foley.model.alignment import (
    AlignmentConfig,
    VisualAlignment,
    load_alignment,
    save_alignment,
)

CONFIG = AlignmentConfig(6, "base", "clap", text_width=8, width=12, layers=2, heads=3)
SEEN = torch.ones(2, 5, dtype=torch.bool)


def opened(picture: str, fusion: str = variants.RESIDUAL) -> VisualAlignment:
    torch.manual_seed(0)
    module = VisualAlignment(replace(CONFIG, picture=picture, fusion=fusion))
    torch.nn.init.ones_(module.gate)
    return module


def inputs(seed: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    text = F.normalize(torch.randn(2, 8, generator=random), dim=-1)
    return torch.randn(2, 5, 6, generator=random), text


@pytest.mark.parametrize(("picture", "fusion"), [*product(variants.PICTURES, variants.FUSIONS)])
def test_every_variant_learns_with_all_it_has_and_comes_back_as_it_was(
    tmp_path: Path, picture: str, fusion: str
) -> None:
    module = opened(picture, fusion)
    video, text = inputs()

    aligned = module(video, text, SEEN)
    aligned[..., 0].sum().backward()
    save_alignment(module, tmp_path)
    loaded = load_alignment(tmp_path, "base", "clap")

    torch.testing.assert_close(loaded(video, text, SEEN), aligned)
    assert all(weight.grad is not None for weight in module.parameters())
    torch.testing.assert_close(aligned.norm(dim=-1), torch.ones(2, 5))


def change_of_one_second(picture: str) -> list[bool]:
    """Which seconds come out otherwise when another third second is seen."""
    module = opened(picture)
    video, text = inputs()
    other = video.clone()
    other[:, 2] = inputs(seed=2)[0][:, 2]
    before, after = module(video, text, SEEN), module(other, text, SEEN)
    return [not torch.equal(before[:, i], after[:, i]) for i in range(5)]


def test_with_the_transformer_every_second_knows_of_the_others() -> None:
    assert change_of_one_second(variants.TRANSFORMER) == [True] * 5


def test_without_the_transformer_a_second_knows_only_itself() -> None:
    assert change_of_one_second(variants.SECONDS) == [False, False, True, False, False]


def test_a_text_only_alignment_does_not_look() -> None:
    assert change_of_one_second(variants.UNSEEN) == [False] * 5


def test_a_mean_picture_is_the_same_at_every_second_and_leaves_out_the_unseen() -> None:
    module = opened(variants.MEAN)
    video, text = inputs()
    mask = SEEN.clone()
    mask[:, 4] = False

    aligned = module(video, text, mask)
    without = module(video[:, :4], text, mask[:, :4])

    assert torch.equal(aligned[:, 0], aligned[:, 3])
    torch.testing.assert_close(aligned[:, :4], without)


def test_without_the_residual_network_both_count_alike() -> None:
    module = opened(variants.SECONDS, variants.AVERAGE)
    video, text = inputs()

    seen = F.normalize(module.video_out(module.video_in(video)), dim=-1)

    expected = F.normalize(seen + text[:, None], dim=-1)
    torch.testing.assert_close(module(video, text, SEEN), expected)
