"""The released file cannot be had here: the same layers, narrow and random, stand for it.

tests/verification/networks.py holds the network against the authors' own code on shared weights.
"""

import numpy as np
import pytest
import torch

from diffava_foley.errors import WeightsError
from diffava_foley.evaluation.judges import open_judge, panns

RATE = 16_000


def _sound(seconds, rate=RATE):
    time = np.arange(int(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


@pytest.fixture(scope="module")
def state():
    torch.manual_seed(0)
    network = panns.Cnn14(classes=5, width=2)
    for block in network.modules():
        if isinstance(block, torch.nn.BatchNorm2d):
            block.running_mean.uniform_(-1, 1)
            block.running_var.uniform_(0.5, 2)
    return network.state_dict()


@pytest.fixture
def path(state, tmp_path):
    path = tmp_path / "Cnn14_16k.pth"
    computed = {
        "spectrogram_extractor.stft.conv_real.weight": torch.zeros(257, 1, 512),
        "logmel_extractor.melW": torch.zeros(257, 64),
    }
    torch.save({"iteration": 0, "model": state | computed}, path)
    return path


def test_a_sound_is_one_patch_of_logits_and_embedding(path):
    verdict = open_judge(f"panns:{path}").hear(_sound(3), RATE)

    assert verdict.logits.shape == (1, 5)
    assert verdict.embeddings.shape == (1, 64)
    assert verdict.hop == 3
    assert (verdict.embeddings >= 0).all()


def test_the_same_sound_is_heard_the_same_every_time(path):
    judge = open_judge(f"panns:{path}")

    first, second = judge.hear(_sound(2.5), RATE), judge.hear(_sound(2.5), RATE)

    assert np.array_equal(first.logits, second.logits)
    assert np.array_equal(first.embeddings, second.embeddings)


def test_a_short_sound_is_two_seconds_with_silence_after_it(path):
    judge = open_judge(f"panns:{path}")
    # No mean to lose: whole periods.
    short = judge.hear(_sound(1), RATE)
    padded = judge.hear(np.concatenate([_sound(1), np.zeros(RATE, np.float32)]), RATE)

    assert short.hop == 2
    assert np.allclose(short.embeddings, padded.embeddings, atol=1e-5)


def test_a_constant_shift_of_the_wave_is_not_heard(path):
    judge = open_judge(f"panns:{path}")

    still, shifted = judge.hear(_sound(2), RATE), judge.hear(_sound(2) + 0.2, RATE)

    assert np.allclose(still.logits, shifted.logits, atol=1e-4)


def test_a_tone_is_loudest_in_its_own_band_and_silence_is_at_100_dB_below():
    from transformers.audio_utils import mel_filter_bank

    bank = mel_filter_bank(257, 64, 50.0, 8000.0, RATE, norm="slaney", mel_scale="slaney")
    tone = torch.sin(2 * torch.pi * 1000 / RATE * torch.arange(RATE))  # 1 kHz: bin 32 of 512
    frames = panns.log_mel(tone[None], torch.from_numpy(bank).float())
    silence = panns.log_mel(torch.zeros(1, RATE), torch.from_numpy(bank).float())

    assert frames.shape == (1, 101, 64)
    assert frames[0, 50].argmax() == bank[32].argmax()
    assert (silence == -100).all()


def test_classes_are_named_by_the_table_beside_the_weights(path):
    (path.parent / "class_labels_indices.csv").write_text(
        "index,mid,display_name\n" + "".join(f"{i},/m/{i},Sound {i}\n" for i in range(5)),
        encoding="utf-8",
    )

    assert open_judge(f"panns:{path}").names == tuple(f"Sound {i}" for i in range(5))


def test_a_table_of_other_classes_is_refused(path):
    (path.parent / "class_labels_indices.csv").write_text("index,mid,display_name\n0,/m/0,A\n")

    with pytest.raises(WeightsError, match="1 classes, but"):
        open_judge(f"panns:{path}")


def test_weights_of_another_network_are_refused(tmp_path, state):
    other = tmp_path / "other.pth"
    torch.save({"model": {"layer.weight": torch.zeros(3)}}, other)
    part = tmp_path / "part.pth"
    torch.save({"model": {k: v for k, v in state.items() if not k.startswith("bn0")}}, part)

    with pytest.raises(WeightsError, match="no Cnn14"):
        open_judge(f"panns:{other}")
    with pytest.raises(WeightsError, match="another network"):
        open_judge(f"panns:{part}")
