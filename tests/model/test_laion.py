"""What needs no package of LAION's; the rest is in tests/parity, in an environment of its own."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from diffava_foley.errors import WeightsError
from diffava_foley.model import hub, laion, laion_package
from diffava_foley.model.claps import lone_tower, open_clap
from diffava_foley.model.laion import LaionClap
from diffava_foley.model.models import Models

HTSAT_TINY = {
    "module.audio_branch.patch_embed.proj.weight": torch.zeros(96, 1, 1, 1),
    "module.text_branch.embeddings.word_embeddings.weight": torch.zeros(50_265, 1),
}


class Listener:
    """LAION's model as we use it: hears a mean, reads a length."""

    joint_embed_shape = 2
    audio_cfg = SimpleNamespace(sample_rate=8_000, clip_samples=16_000)
    enable_fusion = False

    def __init__(self) -> None:
        self.heard: list[Tensor] = []
        self.read: dict[str, Tensor] = {}

    def get_audio_embedding(self, pieces: list[dict[str, Tensor]]) -> Tensor:
        assert not any(piece["longer"] for piece in pieces)
        self.heard += [piece["waveform"] for piece in pieces]
        level = torch.stack([piece["waveform"].mean() for piece in pieces])
        return torch.nn.functional.normalize(torch.stack([level, 1 - level], dim=1), dim=-1)

    def get_text_embedding(self, tokens: dict[str, Tensor]) -> Tensor:
        self.read = tokens
        return torch.nn.functional.normalize(tokens["attention_mask"][:, :2].float(), dim=-1)


@pytest.fixture
def clap(tiny: Models) -> LaionClap:
    return LaionClap("random", Listener(), tiny.tokenizer)


def saved(folder: Path, tensors: dict[str, Tensor]) -> str:
    torch.save({"epoch": 1, "state_dict": tensors}, folder / "laion.pt")
    return str(folder / "laion.pt")


@pytest.mark.skipif(importlib.util.find_spec("laion_clap") is not None, reason="it is installed")
def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"pip install 'diffava-foley\[laion\]'") as refusal:
        open_clap(saved(tmp_path, HTSAT_TINY), device="cpu")

    assert "\n" not in str(refusal.value)


def test_a_package_that_cannot_be_imported_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 1.1.7 needs torchvision and does not say so."""
    part = tmp_path / "laion_clap" / "clap_module"
    part.mkdir(parents=True)
    (part.parent / "__init__.py").write_text("raise SystemExit('this would reach the network')")
    (part / "__init__.py").write_text("from . import model")
    (part / "model.py").write_text("import torch_vision_that_is_not_here")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()

    with pytest.raises(WeightsError, match="No module named 'torch_vision_that_is_not_here'"):
        laion_package.build("tiny", fused=False)

    assert not [name for name in sys.modules if name.startswith("laion_clap")]


@pytest.mark.parametrize(
    "tensors",
    [
        {"conv_block1.weight": torch.zeros(1)},
        {**HTSAT_TINY, "module.audio_branch.patch_embed.proj.weight": torch.zeros(7, 1)},
        {**HTSAT_TINY, "module.text_branch.embeddings.word_embeddings.weight": torch.zeros(30, 1)},
    ],
    ids=["PANNs", "another HTSAT", "BERT"],
)
def test_another_model_is_refused(tmp_path: Path, tensors: dict[str, Tensor]) -> None:
    with pytest.raises(WeightsError, match="no CLAP with an HTSAT and a RoBERTa"):
        open_clap(saved(tmp_path, tensors), device="cpu")


def test_a_short_sound_is_repeated_while_it_fits_whole(clap: LaionClap) -> None:
    clap.embed_audio(torch.ones(1, 7_000), 8_000)

    (heard,) = clap.model.heard
    assert heard.shape == (16_000,)
    assert heard[:14_000].eq(1).all()
    assert heard[14_000:].eq(0).all()


def test_a_long_sound_is_heard_in_stretches(clap: LaionClap) -> None:
    embedded = clap.embed_audio(torch.rand(2, 40_000), 8_000)

    assert [len(piece) for piece in clap.model.heard] == [16_000] * 6
    torch.testing.assert_close(embedded.norm(dim=-1), torch.ones(2))


def test_captions_are_read_as_far_as_laion_trained(
    clap: LaionClap, caplog: pytest.LogCaptureFixture
) -> None:
    clap.embed_text(["rain", "rain " * 200])

    assert clap.model.read["input_ids"].shape == (2, laion.LONGEST_CAPTION)
    assert clap.model.read["attention_mask"].sum(dim=1).tolist() == [3, laion.LONGEST_CAPTION]
    assert "longer than the model reads" in caplog.text


def test_a_checkpoint_is_never_looked_for_on_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """models/laion.pt reads like a hub's owner/name."""
    monkeypatch.setattr(hub, "fetch", None)

    assert lone_tower("models/laion.pt") is None
    with pytest.raises(WeightsError, match=r"there is no file models/laion\.pt"):
        open_clap("models/laion.pt")


def test_the_tokenizer_beside_the_checkpoint_is_taken(tiny_weights: Path, tmp_path: Path) -> None:
    (tmp_path / "tokenizer").symlink_to(tiny_weights / "tokenizer")

    tokenizer = laion._tokenizer(tmp_path / "laion.pt", offline=True)

    assert tokenizer("rain").input_ids == [0, 8, 2]


def test_without_a_tokenizer_and_a_network_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"put roberta-base's tokenizer\.json beside it"):
        laion._tokenizer(tmp_path / "laion.pt", offline=True)


def test_of_roberta_the_tokenizer_alone_is_fetched(
    tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(spec: str, *, wanted: tuple[str, ...], offline: bool) -> hub.Snapshot:
        asked.append((spec.partition("@")[0], wanted))
        return hub.Snapshot(spec, "", tiny_weights / "tokenizer")

    monkeypatch.setattr(hub, "fetch", fetch)
    laion._tokenizer(tmp_path / "laion.pt", offline=False)

    assert asked == [("FacebookAI/roberta-base", laion.TOKENIZER_FILES)]
    assert not any("safetensors" in name for name in laion.TOKENIZER_FILES)
