"""The same weights say the same in both houses, and as LAION's own front door has it.

Needs the extra ``laion``, so an environment of its own: ``tests/parity/run`` builds it. Full
size, random weights, no network. Run with ``-s`` for the figures.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

if importlib.util.find_spec("laion_clap") is None:  # to import it would reach for a network
    pytest.skip("the extra 'laion' is not installed here", allow_module_level=True)

from parity import checkpoints

from diffava_foley.model import laion_package
from diffava_foley.model.claps import Clap, open_clap

RATE = 48_000
WIDTHS = {"tiny": 96, "base": 128}
ALIKE = 0.9999


@pytest.fixture(scope="module", params=[("tiny", False), ("base", False), ("tiny", True)], ids=str)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, bool]:
    size, fused = request.param
    folder = tmp_path_factory.mktemp("weights")
    checkpoints.make(
        folder,
        lambda: laion_package.build(size, fused=fused),
        fused=fused,
        width=WIDTHS[size],
    )
    return folder, size, fused


@pytest.fixture(scope="module")
def theirs(made: tuple[Path, str, bool]) -> Clap:
    return open_clap(str(made[0] / "laion.pt"), offline=True, device="cpu")


@pytest.fixture(scope="module")
def ours(made: tuple[Path, str, bool]) -> Clap:
    return open_clap(str(made[0] / "whole"), offline=True, device="cpu")


def sounds() -> Iterator[tuple[str, Tensor]]:
    """(1, N) at 48 kHz: a full ten seconds, short ones that are repeated, soft, loud and long."""
    random = np.random.default_rng(0)
    second = np.arange(RATE) / RATE

    def noise(seconds: float, level: float = 0.1) -> Tensor:
        wave = random.normal(0, level, int(seconds * RATE)).astype(np.float32)
        return torch.from_numpy(wave)[None]

    fading = np.exp(-6 * second) * np.sin(2 * np.pi * 440 * second) * 0.5
    yield "noise of 10 s", noise(10)
    yield "noise of 2.3 s", noise(2.3)
    yield "soft noise of 1 s", noise(1, 0.001)
    yield "noise beyond full scale", noise(1, 1.0)
    yield "a fading tone of 1 s", torch.from_numpy(fading.astype(np.float32))[None]
    yield "23 s", torch.cat([noise(11), torch.zeros(1, 2 * RATE), noise(10, 0.3)], dim=1)


def cosines(one: Tensor, other: Tensor) -> list[float]:
    return (one.double() * other.double()).sum(dim=-1).tolist()


def test_captions_mean_the_same_in_both_houses(ours: Clap, theirs: Clap) -> None:
    said, meant = ours.embed_text(checkpoints.CAPTIONS), theirs.embed_text(checkpoints.CAPTIONS)

    alike = cosines(said, meant)
    print("\ncaptions", [f"{value:.7f}" for value in alike])
    assert min(alike) > ALIKE
    assert (said @ said.T).fill_diagonal_(0).max() < 0.99, "they tell captions apart"


def test_sounds_are_heard_the_same_in_both_houses(ours: Clap, theirs: Clap) -> None:
    alike, heard = {}, []
    for name, wave in sounds():
        heard.append(ours.embed_audio(wave, RATE))
        (alike[name],) = cosines(heard[-1], theirs.embed_audio(wave, RATE))

    print("\nsounds", {name: f"{value:.7f}" for name, value in alike.items()})
    together = torch.cat(heard)
    assert min(alike.values()) > ALIKE
    assert (together @ together.T).min() < 0.9, "they tell sounds apart"


def test_laions_own_front_door_gives_the_same(
    made: tuple[Path, str, bool], theirs: Clap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it hears of arrays it first rounds to 16 bits, of tensors not; we do as with tensors."""
    folder, size, fused = made
    if fused:
        pytest.importorskip("torchaudio", reason="their fused model listens with torchaudio")
    front = _front_door(folder, size, fused, monkeypatch)

    said = torch.from_numpy(front.get_text_embedding(list(checkpoints.CAPTIONS)))
    alike = {"captions": min(cosines(said, theirs.embed_text(checkpoints.CAPTIONS)))}
    rounded = {}
    for name, wave in sounds():
        if wave.shape[1] <= 10 * RATE:  # of a longer one it hears a part chosen by chance
            heard = theirs.embed_audio(wave, RATE)
            with torch.no_grad():
                tensor = front.get_audio_embedding_from_data(wave, use_tensor=True)
            (alike[name],) = cosines(tensor, heard)
            array = torch.from_numpy(front.get_audio_embedding_from_data(wave.numpy()))
            (rounded[name],) = cosines(array, heard)

    print("\nfront door", {name: f"{value:.7f}" for name, value in alike.items()})
    print("rounded to 16 bits", {name: f"{value:.7f}" for name, value in rounded.items()})
    assert min(alike.values()) > ALIKE
    assert min(rounded.values()) > 0.999


def _front_door(folder: Path, size: str, fused: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Their ``CLAP_Module`` on our checkpoint, with a tokenizer and a RoBERTa made here."""
    import transformers

    words = transformers.AutoTokenizer.from_pretrained(folder / "tokenizer")
    for name in ("BertTokenizer", "RobertaTokenizer", "BartTokenizer"):
        kind = getattr(transformers, name)
        monkeypatch.setattr(kind, "from_pretrained", lambda *_, **__: words)
    from transformers import RobertaConfig, RobertaModel

    config = RobertaConfig(
        vocab_size=50_265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5
    )
    monkeypatch.setattr(RobertaModel, "from_pretrained", lambda *_, **__: RobertaModel(config))
    import laion_clap

    front = laion_clap.CLAP_Module(enable_fusion=fused, device="cpu", amodel=f"HTSAT-{size}")
    front.load_ckpt(str(folder / "laion.pt"), verbose=False)
    return front
