"""PANNs Cnn14-16k, the judge of audioldm_eval: 527 AudioSet classes, 2048-d embeddings.

Kong et al. 2020 (arXiv 1912.10211); the layers are those of ``Cnn14_16k`` in audioset_tagging_cnn,
and its file ``Cnn14_16k_mAP=0.438.pth`` is read as it is. A sound is prepared as audioldm_eval
does, less its mean and no shorter than two seconds, but resampled by soxr: its FD and KL are not
to the last digit those of another resampler.
"""

from fractions import Fraction
from pathlib import Path
from typing import Self

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.audio_utils import mel_filter_bank

from diffava_foley.errors import WeightsError
from diffava_foley.model import devices

from .checkpoints import fill, read_state
from .verdict import Verdict
from .yamnet import read_names

SAMPLE_RATE = 16_000
N_FFT, HOP, MELS = 512, 160, 64
LOWEST, HIGHEST = 50.0, 8000.0  # Hz
FLOOR = 1e-10  # -100 dB
SHORTEST = 2 * SAMPLE_RATE
COMPUTED = ("spectrogram_extractor.", "logmel_extractor.")  # in the file, and the same for all


class ConvBlock(nn.Module):
    """Two convolutions, then a mean over squares."""

    def __init__(self, width_in: int, width: int) -> None:
        """Makes the layers."""
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor, pool: int) -> Tensor:
        """(B, C, T, F) -> (B, C', T / pool, F / pool)."""
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return F.avg_pool2d(x, pool)


class Cnn14(nn.Module):
    """The network, from log-mel frames on."""

    def __init__(self, classes: int = 527, width: int = 64) -> None:
        """Makes the layers; the released network is 64 wide."""
        super().__init__()
        self.bn0 = nn.BatchNorm2d(MELS)
        self.conv_block1 = ConvBlock(1, width)
        self.conv_block2 = ConvBlock(width, 2 * width)
        self.conv_block3 = ConvBlock(2 * width, 4 * width)
        self.conv_block4 = ConvBlock(4 * width, 8 * width)
        self.conv_block5 = ConvBlock(8 * width, 16 * width)
        self.conv_block6 = ConvBlock(16 * width, 32 * width)
        self.fc1 = nn.Linear(32 * width, 32 * width)
        self.fc_audioset = nn.Linear(32 * width, classes)

    def forward(self, log_mel: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, 64) -> logits (B, C) and embeddings (B, 32 * width), which are not negative."""
        x = self.bn0(log_mel.transpose(1, 2)[..., None])  # (B, 64, T, 1)
        x = x.permute(0, 3, 2, 1)  # (B, 1, T, 64)
        for block in (
            self.conv_block1,
            self.conv_block2,
            self.conv_block3,
            self.conv_block4,
            self.conv_block5,
        ):
            x = block(x, 2)
        x = self.conv_block6(x, 1).mean(dim=3)  # (B, C, T / 32)
        x = x.amax(dim=2) + x.mean(dim=2)  # (B, C)
        embeddings = F.relu(self.fc1(x))
        return self.fc_audioset(embeddings), embeddings


class Panns:
    """The judge, from its checkpoint."""

    name = "PANNs Cnn14-16k"

    def __init__(self, network: Cnn14, names: tuple[str, ...], device: torch.device) -> None:
        """Takes a network that has its weights."""
        self.names = names
        self._device = device
        self._network = network.eval().requires_grad_(False).to(device)
        bank = mel_filter_bank(
            N_FFT // 2 + 1, MELS, LOWEST, HIGHEST, SAMPLE_RATE, norm="slaney", mel_scale="slaney"
        )
        self._bank = torch.from_numpy(bank).float().to(device)

    @classmethod
    def load(cls, path: Path, *, device: str = "auto") -> Self:
        """The judge from ``Cnn14_16k_mAP=0.438.pth``.

        Its classes are named by AudioSet's ``class_labels_indices.csv`` if that lies beside it.
        """
        state = {
            name: tensor
            for name, tensor in read_state(path).items()
            if not name.startswith(COMPUTED)
        }
        try:
            width = state["conv_block1.conv1.weight"].shape[0]
            classes = state["fc_audioset.weight"].shape[0]
        except KeyError as error:
            raise WeightsError(f"{path}: this is no Cnn14 of PANNs, {error} is missing") from error
        network = Cnn14(classes, width)
        fill(network, state, path)
        labels = path.parent / "class_labels_indices.csv"
        names = read_names(labels) if labels.exists() else ()
        if names and len(names) != classes:
            raise WeightsError(f"{labels}: {len(names)} classes, but {path.name} has {classes}")
        return cls(network, names, devices.choose(device)[0])

    @torch.inference_mode()
    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        """The verdict on one mono wave (N,), any rate: one patch, the whole of it."""
        heard = soxr.resample(wave - wave.mean(), sample_rate, SAMPLE_RATE).astype(np.float32)
        heard = np.pad(heard, (0, max(SHORTEST - len(heard), 0)))
        frames = log_mel(torch.from_numpy(heard)[None].to(self._device), self._bank)
        logits, embeddings = self._network(frames)
        return Verdict(
            logits=logits.cpu().numpy(),
            embeddings=embeddings.cpu().numpy(),
            hop=Fraction(len(heard), SAMPLE_RATE),
        )


def log_mel(waves: Tensor, bank: Tensor) -> Tensor:
    """The log-mel frames, in dB, of waves at 16 kHz: (B, N) -> (B, N // 160 + 1, 64)."""
    window = torch.hann_window(N_FFT, device=waves.device)
    spectrum = torch.stft(
        waves, N_FFT, HOP, window=window, center=True, pad_mode="reflect", return_complex=True
    )  # (B, 257, T)
    power = spectrum.abs().square().transpose(1, 2)  # (B, T, 257)
    return 10 * torch.log10((power @ bank).clamp(min=FLOOR))
