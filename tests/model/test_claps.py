import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import ClapConfig, ClapModel

from diffava_foley.errors import WeightsError
from diffava_foley.model import hub
from diffava_foley.model.claps import Clap, open_clap
from diffava_foley.model.models import Models, load
from diffava_foley.model.weights import read_folder


@pytest.fixture
def whole(tiny: Models, tiny_weights: Path, tmp_path: Path) -> Path:
    """A folder as the hub has CLAP: one model of both towers, other than the tiny weights'."""
    folder = tmp_path / "whole"
    configs = [
        json.loads((tiny_weights / part / "config.json").read_text())
        for part in ("text_encoder", "audio_encoder")
    ]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        config = ClapConfig(text_config=configs[0], audio_config=configs[1], projection_dim=8)
        ClapModel(config).save_pretrained(folder)
    for part in ("tokenizer", "feature_extractor"):
        for file in (tiny_weights / part).iterdir():
            shutil.copy(file, folder)
    return folder


def test_a_weights_folder_has_the_clap_that_ranks_its_takes(
    tiny: Models, tiny_weights: Path
) -> None:
    clap = open_clap(str(tiny_weights), device="cpu")

    assert tiny.ear is not None
    assert (clap.id, clap.width, clap.sample_rate) == (tiny.ear.id, 8, 8_000) == ("tiny", 8, 8_000)
    captions, waves = ["rain", "a dog barks"], torch.randn(2, 8_000)
    assert torch.equal(clap.embed_text(captions), tiny.ear.embed_text(captions))
    assert torch.equal(clap.embed_audio(waves, 8_000), tiny.ear.embed_audio(waves, 8_000))


def test_two_towers_and_what_prepares_for_them_are_enough(
    tiny_weights: Path, tmp_path: Path
) -> None:
    for part in ("text_encoder", "tokenizer", "audio_encoder", "feature_extractor"):
        shutil.copytree(tiny_weights / part, tmp_path / "towers" / part)

    clap = open_clap(str(tmp_path / "towers"), device="cpu")

    assert clap.id == "towers"
    assert clap.embed_text(["rain"]).shape == (1, 8)


def test_the_embedded_clap_puts_a_caption_nearest_to_itself() -> None:
    clap = open_clap("embedded", device="cpu")

    said = clap.embed_text(["a dog barks", "glass breaks", "a dog barks"])

    likeness = said @ said.T
    assert likeness[0, 2] == pytest.approx(1)
    assert likeness[0, 1] < 0.9
    assert clap.embed_audio(torch.randn(1, 22_050), 22_050).shape == (1, clap.width)


def test_transformers_clap_is_read_from_its_folder(whole: Path) -> None:
    clap = open_clap(str(whole), device="cpu")
    model = ClapModel.from_pretrained(whole).eval()

    assert (clap.id, clap.width, clap.sample_rate) == ("whole", 8, 8_000)
    tokens = torch.tensor([[0, 8, 2]])  # <s> rain </s>
    expected = model.get_text_features(tokens, torch.ones_like(tokens)).pooler_output
    torch.testing.assert_close(clap.embed_text(["rain"]), expected)


def test_transformers_clap_is_read_from_the_hub(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(spec: str, parts: tuple[str, ...] = (), *, offline: bool) -> hub.Snapshot:
        asked.append((spec, parts, offline))
        return hub.Snapshot("owner/clap", "c0ffee", whole)

    monkeypatch.setattr(hub, "fetch", fetch)

    assert open_clap("owner/clap@c0ffee", offline=True, device="cpu").id == "owner/clap"
    assert asked == [("owner/clap@c0ffee", (), True)]


def test_an_audioldm_on_the_hub_is_asked_for_its_towers_alone(
    tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(spec: str, parts: tuple[str, ...] = (), *, offline: bool) -> hub.Snapshot:
        asked.append(parts)
        return hub.Snapshot("owner/audioldm", "c0ffee", tiny_weights)

    monkeypatch.setattr(hub, "fetch", fetch)

    assert open_clap("owner/audioldm", device="cpu").id == "tiny"
    assert asked == [(), ("text_encoder", "tokenizer", "audio_encoder", "feature_extractor")]


@pytest.mark.parametrize("part", ["text_encoder", "audio_encoder"])
def test_one_tower_alone_is_refused(tiny_weights: Path, tmp_path: Path, part: str) -> None:
    folder = Path(shutil.copytree(tiny_weights, tmp_path / "lame"))
    shutil.rmtree(folder / part)

    with pytest.raises(WeightsError, match=f"lame has no {part}, .* choose a CLAP of two towers"):
        open_clap(str(folder), device="cpu")


def test_what_is_no_clap_is_refused() -> None:
    with pytest.raises(
        WeightsError, match=r"no CLAP 'nonsense': give 'embedded', a folder, a \.pt file"
    ):
        open_clap("nonsense")


def test_what_is_not_here_is_not_fetched_offline() -> None:
    with pytest.raises(WeightsError, match="owner/nothing are not on this machine"):
        open_clap("owner/nothing", offline=True)


def test_a_whole_clap_ranks_takes_with_its_own_reading(tiny_weights: Path, whole: Path) -> None:
    """Captions and sounds are compared within one CLAP, never across two."""
    models = load(read_folder(tiny_weights), device="cpu", audio_encoder=str(whole))

    expected: Clap = open_clap(str(whole), device="cpu")
    assert models.ear is not None
    assert models.ear.id == "whole"
    assert torch.equal(models.ear.embed_text(["rain"]), expected.embed_text(["rain"]))


def test_a_lone_audio_tower_listens_with_the_weights_own_reading(
    tiny: Models, tiny_weights: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ear"
    shutil.copytree(tiny_weights / "audio_encoder", folder)
    shutil.copy(tiny_weights / "feature_extractor" / "preprocessor_config.json", folder)

    models = load(read_folder(tiny_weights), device="cpu", audio_encoder=str(folder))

    assert tiny.ear is not None
    assert models.ear is not None
    assert models.ear.id == tiny.ear.id
    assert torch.equal(models.ear.embed_text(["rain"]), tiny.ear.embed_text(["rain"]))


def test_laions_package_is_not_imported_unasked() -> None:
    script = (
        "import sys, diffava_foley.model.claps\n"
        "print(*{'laion_clap', 'clap_module'} & {name.split('.')[0] for name in sys.modules})"
    )

    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True)

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
