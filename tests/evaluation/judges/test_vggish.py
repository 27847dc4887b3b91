"""The released file cannot be had here: the same layers, narrow and random, stand for it.

tests/verification/networks.py holds network and front end against torchvggish on shared weights.
"""

from fractions import Fraction

import numpy as np
import pytest
import torch

from diffava_foley.errors import WeightsError
from diffava_foley.evaluation.judges import open_judge, patches, vggish

RATE = 16_000


@pytest.fixture
def path(tmp_path):
    torch.manual_seed(0)
    path = tmp_path / "vggish.pth"
    torch.save(vggish.Vgg(width=2, hidden=8, size=4).state_dict(), path)
    return path


@pytest.fixture
def noise():
    return np.random.default_rng(0).normal(0, 0.1, 3 * RATE).astype(np.float32)


def test_embeddings_come_every_96_hundredths_and_there_are_no_classes(path, noise):
    judge = open_judge(f"vggish:{path}")
    verdict = judge.hear(noise, RATE)

    assert verdict.embeddings.shape == (3, 4)
    assert verdict.logits.shape == (3, 0)
    assert verdict.hop == Fraction(24, 25)
    assert judge.names == ()


def test_embeddings_may_be_negative_since_the_last_relu_is_left_out(path, noise):
    assert (open_judge(f"vggish:{path}").hear(noise, RATE).embeddings < 0).any()


def test_each_frame_is_heard_by_itself_and_the_same_every_time(path, noise):
    judge = open_judge(f"vggish:{path}")
    whole, again = judge.hear(noise, RATE), judge.hear(noise, RATE)
    frame = 96 * patches.HOP
    second = judge.hear(noise[frame : 2 * frame + patches.WINDOW], RATE)

    assert np.array_equal(whole.embeddings, again.embeddings)
    assert np.allclose(second.embeddings[0], whole.embeddings[1], atol=1e-6)


def test_the_released_layers_have_their_published_size():
    with torch.device("meta"):
        network = vggish.Vgg()

    assert sum(parameter.numel() for parameter in network.parameters()) == 72_141_184
    assert network.embeddings[0].in_features == 512 * 4 * 6


def test_weights_of_another_network_are_refused(tmp_path):
    other = tmp_path / "other.pth"
    torch.save({"layer.weight": torch.zeros(3)}, other)

    with pytest.raises(WeightsError, match="no VGGish"):
        open_judge(f"vggish:{other}")


def test_bands_are_triangles_on_the_mel_scale():
    """As tf.signal and torchvggish make them; triangles on the scale of hertz differ by 0.004."""
    hertz = np.linspace(0, RATE / 2, 257)

    def mel(frequency):
        return 1127 * np.log1p(frequency / 700)

    edges = np.linspace(mel(125), mel(7500), 66)
    low, peak, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (mel(hertz)[:, None] - low) / (peak - low)
    falling = (high - mel(hertz)[:, None]) / (high - peak)

    assert np.allclose(patches._bank(), np.maximum(0, np.minimum(rising, falling)), atol=1e-9)
