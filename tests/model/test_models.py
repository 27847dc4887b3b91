import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from diffava_foley.errors import CheckpointMismatch, WeightsError
from diffava_foley.model.models import Models, load
from diffava_foley.model.weights import read_folder


@pytest.fixture
def folder(tiny_weights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_weights, tmp_path / "mine"))


def load_folder(folder: Path, **options: object) -> Models:
    return load(read_folder(folder), device="cpu", precision="float32", **options)  # type: ignore[arg-type]


def test_every_part_is_frozen_and_in_its_precision(tiny_weights: Path) -> None:
    models = load(read_folder(tiny_weights), device="cpu", precision="bfloat16")

    assert models.unet.dtype == models.dtype == torch.bfloat16
    parts = (models.unet, models.vae, models.vocoder, models.text_encoder, models.ear.audio_encoder)
    for part in (*parts, models.video_encoder, models.alignment):
        assert isinstance(part, torch.nn.Module)
        assert not part.training
        assert not any(parameter.requires_grad for parameter in part.parameters())
        if part is not models.unet:
            assert {p.dtype for p in part.parameters()} == {torch.float32}


def test_loading_prints_nothing(tiny_weights: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_folder(tiny_weights)

    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_half_precision_files_are_read_and_cast(folder: Path) -> None:
    for part in ("unet", "vae", "vocoder", "text_encoder"):
        for file in (folder / part).glob("*.safetensors"):
            half = {name: tensor.half() for name, tensor in load_file(file).items()}
            save_file(half, file, {"format": "pt"})

    models = load_folder(folder)

    assert models.unet.dtype == models.vae.dtype == models.vocoder.dtype == torch.float32


def test_files_named_as_the_fp16_variant_are_read(folder: Path) -> None:
    tensors = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors.rename(tensors.with_name("diffusion_pytorch_model.fp16.safetensors"))

    assert load_folder(folder).unet.dtype == torch.float32


def test_optional_parts_may_be_missing(folder: Path) -> None:
    for part in ("audio_encoder", "feature_extractor", "video_encoder", "alignment"):
        shutil.rmtree(folder / part)

    models = load_folder(folder)

    assert (models.ear, models.video_encoder, models.alignment) == (None, None, None)


def test_a_file_that_lacks_a_tensor_is_refused(folder: Path) -> None:
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    del tensors["conv_in.weight"]
    save_file(tensors, file, {"format": "pt"})

    with pytest.raises(WeightsError, match=r"unet lacks 1 tensors, conv_in\.weight for one"):
        load_folder(folder)


@pytest.mark.parametrize("part", ["unet", "vae", "vocoder", "text_encoder", "video_encoder"])
def test_a_file_cut_short_is_refused_in_one_line(folder: Path, part: str) -> None:
    file = next((folder / part).glob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:500])

    with pytest.raises(WeightsError, match=f"{part} cannot be read, get it again") as refusal:
        load_folder(folder)

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("file", ["unet/config.json", "scheduler/scheduler_config.json"])
def test_a_damaged_configuration_is_refused(folder: Path, file: str) -> None:
    (folder / file).write_text("{")

    with pytest.raises(WeightsError, match="cannot be read, get it again"):
        load_folder(folder)


def test_a_damaged_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer" / "tokenizer.json").write_text("{")

    with pytest.raises(WeightsError, match="tokenizer cannot be read"):
        load_folder(folder)


def test_an_alignment_for_other_weights_is_refused(folder: Path) -> None:
    about = json.loads((folder / "foley.json").read_text())
    (folder / "foley.json").write_text(json.dumps({**about, "id": "another"}))

    with pytest.raises(CheckpointMismatch, match="was trained for AudioLDM 'tiny'"):
        load_folder(folder)


def test_an_alignment_for_another_clap_is_refused(folder: Path) -> None:
    about = json.loads((folder / "foley.json").read_text())
    (folder / "foley.json").write_text(json.dumps({**about, "clap": "another"}))

    with pytest.raises(CheckpointMismatch, match="not for 'tiny' with 'another'"):
        load_folder(folder)


def test_an_alignment_without_an_eye_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "video_encoder")

    with pytest.raises(WeightsError, match="needs a video encoder"):
        load_folder(folder)


def test_an_alignment_for_another_eye_is_refused(folder: Path, tmp_path: Path) -> None:
    eye = tmp_path / "eye"
    eye.mkdir()
    from diffava_foley.model.efficientnet import EfficientNetLite0

    save_file(EfficientNetLite0().state_dict(), eye / "model.safetensors")
    (eye / "config.json").write_text('{"architecture": "efficientnet-lite0"}')

    with pytest.raises(CheckpointMismatch, match="encoder 16 wide, not 1280"):
        load_folder(folder, video_encoder=str(eye))


def test_parts_of_different_claps_are_refused(folder: Path, tmp_path: Path) -> None:
    from transformers import ClapTextConfig, ClapTextModelWithProjection

    shutil.rmtree(folder / "text_encoder")
    config = ClapTextConfig(
        vocab_size=99,
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        projection_dim=12,
    )
    ClapTextModelWithProjection(config).save_pretrained(folder / "text_encoder")

    with pytest.raises(CheckpointMismatch, match="text encoder 12"):
        load_folder(folder)


def test_a_configuration_cannot_bring_its_own_code(folder: Path) -> None:
    config = folder / "tokenizer" / "tokenizer_config.json"
    values = json.loads(config.read_text())
    auto_map = {"AutoTokenizer": ["evil.Evil", "evil.Evil"]}
    config.write_text(json.dumps({**values, "tokenizer_class": "Evil", "auto_map": auto_map}))
    (folder / "tokenizer" / "evil.py").write_text("raise SystemExit('ran')")

    with suppress(WeightsError):  # refused, or read as what it is without that code
        load_folder(folder)
