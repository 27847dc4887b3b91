"""Writes random weights as the authors save them, and what the authors' networks make of a sound.

``verify.py`` calls this in the environment of its own.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from independent import stand_in

SAMPLE_RATE = 16_000


def shaken(network):
    """The network with running statistics that are not the identity."""
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1)
            part.running_var.uniform_(0.5, 1.5)
    return network.eval()


def panns(folder, wave):
    """Cnn14_16k of frechet-audio-distance, a copy of the authors' code on torchlibrosa."""
    stand_in("laion_clap", "encodec", "resampy")
    from frechet_audio_distance.models.pann import Cnn14_16k

    network = shaken(
        Cnn14_16k(
            sample_rate=SAMPLE_RATE,
            window_size=512,
            hop_size=160,
            mel_bins=64,
            fmin=50,
            fmax=8000,
            classes_num=527,
        )
    )
    torch.save({"iteration": 0, "model": network.state_dict()}, folder / "panns.pth")
    with torch.no_grad():
        said = network(torch.from_numpy(wave - wave.mean())[None], None)
        logits = network.fc_audioset(said["embedding"])
    assert torch.allclose(torch.sigmoid(logits), said["clipwise_output"])
    np.savez(
        folder / "panns.npz",
        package=f"frechet-audio-distance {version('frechet-audio-distance')}",
        logits=logits.numpy(),
        embeddings=said["embedding"].numpy(),
    )


def vggish(folder, wave):
    """VGGish of torchvggish, its own front end, without the last ReLU."""
    stand_in("resampy")
    from torchvggish import torchvggish as network_module
    from torchvggish import vggish_input

    network = network_module.VGG(network_module.make_layers(), False).eval()
    for weights in network.parameters():  # or biases alone would come through so many layers
        if weights.ndim > 1:
            torch.nn.init.kaiming_normal_(weights)
    torch.save(network.state_dict(), folder / "vggish.pth")
    network.embeddings = torch.nn.Sequential(*list(network.embeddings.children())[:-1])
    with torch.no_grad():
        embeddings = network(vggish_input.waveform_to_examples(wave, SAMPLE_RATE))
    assert embeddings.std(dim=0).mean() > 0.1 * embeddings.std()
    np.savez(
        folder / "vggish.npz",
        package=f"torchvggish {version('torchvggish')}",
        embeddings=embeddings.numpy(),
    )


def main():
    """Writes weights and outputs into the folder named on the command line."""
    folder = Path(sys.argv[1])
    torch.manual_seed(0)
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.RandomState(0).standard_normal(len(time))
    wave = 0.3 * np.sin(2 * np.pi * 300 * time**2) + 0.05 * noise + 0.01
    wave = wave.astype(np.float32)
    np.save(folder / "wave.npy", wave)
    panns(folder, wave)
    vggish(folder, wave)


if __name__ == "__main__":
    main()
