"""VGGish, the judge of FAD: a 128-d embedding every 0.96 s, and no classes.

Hershey et al. 2017; the layers are those of harritaylor/torchvggish, whose ``vggish-*.pth`` is read
as it is. As audioldm_eval and av-benchmark have it, without the last ReLU and without the PCA and
the rounding to eight bits that follow it.
"""

from fractions import Fraction
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from diffava_foley.errors import WeightsError
from diffava_foley.model import devices

from .checkpoints import fill, read_state
from .patches import HOP, MELS, PATCH, SAMPLE_RATE, log_mel_patches
from .verdict import Verdict

OFFSET = 0.01
POOLS = 4
STACKS = ((1,), (2,), (4, 4), (8, 8))  # times the width; a pool after each


class Vgg(nn.Module):
    """The network, from log-mel patches on."""

    def __init__(self, width: int = 64, hidden: int = 4096, size: int = 128) -> None:
        """Makes the layers; the released network has the widths of the defaults."""
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for stack in STACKS:
            for times in stack:
                layers += [nn.Conv2d(before, times * width, 3, padding=1), nn.ReLU()]
                before = times * width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        flat = before * (PATCH >> POOLS) * (MELS >> POOLS)
        self.embeddings = nn.Sequential(
            nn.Linear(flat, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, size),
        )

    def forward(self, patches: Tensor) -> Tensor:
        """(P, 1, 96, 64) -> (P, size)."""
        maps = self.features(patches)  # (P, C, 6, 4)
        embedded: Tensor = self.embeddings(maps.permute(0, 2, 3, 1).flatten(1))
        return embedded


class Vggish:
    """The judge, from its checkpoint."""

    name = "VGGish"
    names: tuple[str, ...] = ()

    def __init__(self, network: Vgg, device: torch.device) -> None:
        """Takes a network that has its weights."""
        self._device = device
        self._network = network.eval().requires_grad_(False).to(device)

    @classmethod
    def load(cls, path: Path, *, device: str = "auto") -> Self:
        """The judge from torchvggish's ``vggish-10086976.pth``."""
        state = read_state(path)
        try:
            width = state["features.0.weight"].shape[0]
            size, hidden = state["embeddings.4.weight"].shape
        except (KeyError, ValueError) as error:
            raise WeightsError(f"{path}: this is no VGGish of torchvggish ({error})") from error
        network = Vgg(width, hidden, size)
        fill(network, state, path)
        return cls(network, devices.choose(device)[0])

    @torch.inference_mode()
    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        """The embeddings of one mono wave (N,), any rate: (P, 128) and (P, 0) logits."""
        patches = log_mel_patches(wave, sample_rate, hop=PATCH, offset=OFFSET)
        embeddings = self._network(torch.from_numpy(patches).to(self._device)).cpu().numpy()
        return Verdict(
            logits=np.zeros((len(embeddings), 0), np.float32),
            embeddings=embeddings,
            hop=Fraction(PATCH * HOP, SAMPLE_RATE),
        )
