import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import XCLIPConfig, XCLIPModel

from diffava_foley.errors import WeightsError
from diffava_foley.model.efficientnet import EfficientNetLite0
from diffava_foley.model.video_encoders import XClipVideoEncoder, load_video_encoder

CPU = torch.device("cpu")


def lite0(folder: Path, **config: object) -> Path:
    torch.manual_seed(0)
    save_file(EfficientNetLite0().half().state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(
        json.dumps({"architecture": "efficientnet-lite0", **config})
    )
    return folder


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def test_lite0_averages_the_frames_of_each_second(tmp_path: Path) -> None:
    encoder = load_video_encoder(lite0(tmp_path, frames_per_window=4), CPU)
    frames = noise(2, 4, 224, 300, 3)

    seconds = encoder(frames)

    assert (encoder.frames_per_window, encoder.short_side, encoder.width) == (4, 224, 1280)
    assert encoder.pieces == 2
    assert seconds.shape == (2, 1280)
    alone = torch.cat([encoder(frames[1:, i : i + 1]) for i in range(4)])
    torch.testing.assert_close(seconds[1], alone.mean(dim=0), atol=1e-4, rtol=1e-3)


def test_only_the_middle_square_is_looked_at(tmp_path: Path) -> None:
    encoder = load_video_encoder(lite0(tmp_path), CPU)
    frames = noise(1, 1, 224, 300, 3)
    moved = frames.copy()
    moved[:, :, :, :38] = 0
    moved[:, :, :, 262:] = 0

    assert torch.equal(encoder(frames), encoder(moved))
    assert not torch.equal(encoder(frames), encoder(np.zeros_like(frames)))


def test_a_whole_xclip_is_read_for_its_vision_tower(tmp_path: Path) -> None:
    vision = {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "mit_hidden_size": 8,
        "mit_intermediate_size": 8,
        "mit_num_attention_heads": 2,
        "image_size": 32,
        "patch_size": 16,
    }
    text = {
        "vocab_size": 9,
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    config = XCLIPConfig(
        vision_config=vision, text_config=text, projection_dim=8, prompt_num_attention_heads=2
    )
    torch.manual_seed(0)
    whole = XCLIPModel(config).eval()
    whole.save_pretrained(tmp_path)
    frames = noise(2, 8, 32, 50, 3)

    encoder = load_video_encoder(tmp_path, CPU)
    seconds = encoder(frames)

    assert isinstance(encoder, XClipVideoEncoder)
    assert (encoder.frames_per_window, encoder.width, encoder.pieces) == (8, 16, 1)
    mean = np.array([0.48145466, 0.4578275, 0.40821073])
    std = np.array([0.26862954, 0.26130258, 0.27577711])
    pixels = (frames[:, :, :, 9:41] / 255 - mean) / std
    flat = torch.from_numpy(pixels).float().flatten(0, 1).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = whole.vision_model(flat).pooler_output.view(2, 8, 16).mean(dim=1)
    torch.testing.assert_close(seconds, expected)


def test_frames_of_one_second_pass_messages_to_each_other(tiny_weights: Path) -> None:
    encoder = load_video_encoder(tiny_weights / "video_encoder", CPU)
    frames = noise(2, 8, 32, 32, 3)

    together, alone = encoder(frames), encoder(frames[:1])

    torch.testing.assert_close(together[:1], alone)


@pytest.mark.parametrize("config", ["{", "[]", '{"architecture": "resnet"}'])
def test_an_unknown_encoder_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)

    with pytest.raises(WeightsError, match="video encoder"):
        load_video_encoder(tmp_path, CPU)


def test_damaged_tensors_are_refused(tmp_path: Path) -> None:
    (lite0(tmp_path) / "model.safetensors").write_bytes(b"junk")

    with pytest.raises(WeightsError, match="cannot be read, get it again"):
        load_video_encoder(tmp_path, CPU)
