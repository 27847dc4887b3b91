import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from diffava_foley.errors import CheckpointMismatch, WeightsError
from diffava_foley.model import variants
from diffava_foley.model.alignment import (
    FUSION,
    TEMPORAL,
    AlignmentConfig,
    VisualAlignment,
    load_alignment,
    save_alignment,
)

CONFIG = AlignmentConfig(
    video_width=6,
    base="base",
    clap="clap",
    text_width=8,
    width=12,
    layers=2,
    heads=3,
    max_seconds=4,
)


def caption(batch: int = 2) -> torch.Tensor:
    return F.normalize(torch.randn(batch, 8, generator=torch.Generator().manual_seed(1)), dim=-1)


def picture(batch: int = 2, seconds: int = 7) -> torch.Tensor:
    return torch.randn(batch, seconds, 6, generator=torch.Generator().manual_seed(2))


def trained() -> VisualAlignment:
    torch.manual_seed(0)
    module = VisualAlignment(CONFIG).eval().requires_grad_(False)
    module.gate.fill_(0.7)
    module.temporal.distance_bias.normal_()
    return module


def test_an_untrained_module_gives_the_captions_own_embedding_to_the_last_bit() -> None:
    torch.manual_seed(0)
    for size in (8, 512):
        config = AlignmentConfig(6, "b", "c", size, 12, 2, 3, 4)
        text = F.normalize(torch.randn(64, size), dim=-1)

        aligned = VisualAlignment(config)(torch.randn(64, 7, 6), text)

        assert torch.equal(aligned, text[:, None].expand(-1, 7, -1))


def test_a_missing_picture_gives_the_captions_own_embedding_to_the_last_bit() -> None:
    nothing = torch.full((2, 7, 6), float("nan"))

    aligned = trained()(nothing, caption(), torch.zeros(2, 7, dtype=torch.bool))

    assert torch.equal(aligned, caption()[:, None].expand(-1, 7, -1))


def test_a_missing_second_leaves_the_others_as_they_are_without_it() -> None:
    module, mask = trained(), torch.ones(2, 7, dtype=torch.bool)
    mask[:, 3] = False
    one, other = picture(), picture()
    other[:, 3] = float("nan")

    first, second = module(one, caption(), mask), module(other, caption(), mask)

    assert torch.equal(first, second)
    assert torch.equal(first[:, 3], caption())


def test_a_trained_module_moves_the_caption_and_keeps_its_length() -> None:
    aligned = trained()(picture(), caption())

    assert not torch.allclose(aligned, caption()[:, None].expand_as(aligned), atol=1e-2)
    torch.testing.assert_close(aligned.norm(dim=-1), torch.ones(2, 7))
    assert not torch.allclose(aligned[:, 0], aligned[:, 1], atol=1e-4)


def test_an_open_gate_is_the_papers_fusion() -> None:
    module = trained()
    module.gate.fill_(1.0)
    text = caption()[:, None].expand(-1, 7, -1)
    mask = torch.ones(2, 7, dtype=torch.bool)
    seen = module.video_out(module.temporal(module.video_in(picture()), mask))

    aligned = module(picture(), caption())

    fused = module.fusion(F.normalize(seen, dim=-1), text)
    torch.testing.assert_close(aligned, F.normalize(fused, dim=-1))


def test_everything_but_the_gate_waits_for_the_gate_to_open() -> None:
    module = VisualAlignment(CONFIG)

    module(picture(), caption()).mul(torch.randn(2, 7, 8)).sum().backward()

    assert module.gate.grad is not None
    assert module.gate.grad.abs().sum() > 0
    assert module.video_out.weight.grad is not None
    assert module.video_out.weight.grad.abs().sum() == 0


def test_a_fully_masked_item_gives_finite_gradients() -> None:
    module = VisualAlignment(CONFIG)
    torch.nn.init.constant_(module.gate, 0.5)
    mask = torch.tensor([[True] * 7, [False] * 7])

    module(picture(), caption(), mask).pow(3).sum().backward()

    assert all(torch.isfinite(p.grad).all() for p in module.parameters() if p.grad is not None)


def test_one_item_does_not_depend_on_its_batch() -> None:
    module = trained()

    together, alone = module(picture(), caption()), module(picture()[:1], caption()[:1])

    torch.testing.assert_close(together[:1], alone)


def test_a_saved_module_comes_back_frozen_and_the_same(tmp_path: Path) -> None:
    module = trained()

    save_alignment(module, tmp_path)
    loaded = load_alignment(tmp_path, "base", "clap")

    assert loaded.config == CONFIG
    assert not loaded.training
    assert not any(p.requires_grad for p in loaded.parameters())
    assert torch.equal(loaded(picture(), caption()), module(picture(), caption()))


@pytest.mark.parametrize(("base", "clap"), [("other", "clap"), ("base", "other")])
def test_a_module_for_other_weights_is_refused(tmp_path: Path, base: str, clap: str) -> None:
    save_alignment(trained(), tmp_path)

    with pytest.raises(
        CheckpointMismatch, match="was trained for AudioLDM 'base' with CLAP 'clap'"
    ):
        load_alignment(tmp_path, base, clap)


def test_a_damaged_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    save_alignment(trained(), tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"half a file")

    with pytest.raises(WeightsError, match="cannot be read") as refusal:
        load_alignment(tmp_path, "base", "clap")

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["not json", "[]", "{}", '{"video_width": "6"}'])
def test_a_damaged_configuration_is_refused(tmp_path: Path, text: str) -> None:
    save_alignment(trained(), tmp_path)
    (tmp_path / "config.json").write_text(text)

    with pytest.raises(WeightsError, match="configuration"):
        load_alignment(tmp_path, "base", "clap")


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="does not divide"):
        AlignmentConfig(6, "b", "c", width=10, heads=3)
    with pytest.raises(ValueError, match="from 1"):
        AlignmentConfig(0, "b", "c")


def test_a_configuration_from_before_the_ablations_is_the_papers(tmp_path: Path) -> None:
    save_alignment(trained(), tmp_path)
    values = json.loads((tmp_path / "config.json").read_text())
    del values["picture"], values["fusion"]
    (tmp_path / "config.json").write_text(json.dumps(values))

    loaded = load_alignment(tmp_path, "base", "clap")

    assert torch.equal(loaded(picture(), caption()), trained()(picture(), caption()))


def test_every_variant_has_its_modules() -> None:
    assert (*TEMPORAL,) == variants.PICTURES
    assert (*FUSION,) == variants.FUSIONS


@pytest.mark.parametrize("field", ["picture", "fusion"])
def test_an_unknown_variant_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="no such picture or fusion"):
        replace(CONFIG, **{field: "magic"})
