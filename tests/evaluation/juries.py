"""Judges whose files cannot be had here: the same layers, narrow and random, stand for them."""

from pathlib import Path

import torch

from diffava_foley.evaluation.judges import panns, vggish


def panns_file(path: Path, classes: int = 5) -> Path:
    """A checkpoint of PANNs with so many classes and 64 values a clip."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = panns.Cnn14(classes=classes, width=2)
        torch.nn.init.normal_(network.fc_audioset.weight, std=30)  # so that it has opinions
    torch.save({"model": network.state_dict()}, path)
    return path


def vggish_file(path: Path) -> Path:
    """A checkpoint of VGGish with 4 values every 0.96 s."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = vggish.Vgg(width=2, hidden=8, size=4)
    torch.save(network.state_dict(), path)
    return path
