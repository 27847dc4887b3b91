"""CLAP as a judge: one embedding a clip, of unit length, and no classes."""

from fractions import Fraction
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from diffava_foley.model.claps import Clap, open_clap

from .verdict import Verdict


class ClapJudge:
    """The judge, around a CLAP; `clap` embeds captions for CLAP score."""

    names: tuple[str, ...] = ()

    def __init__(self, clap: Clap) -> None:
        """Takes an open CLAP."""
        self.clap = clap
        self.name = f"CLAP {clap.id}"

    @classmethod
    def open(cls, spec: str, *, offline: bool = False, device: str = "auto") -> Self:
        """The judge around whatever `open_clap` opens."""
        return cls(open_clap(spec, offline=offline, device=device))

    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        """The embedding of one mono wave (N,), any rate: (1, D) and (1, 0) logits."""
        embedded = self.clap.embed_audio(torch.from_numpy(wave)[None], sample_rate)
        return Verdict(
            logits=np.zeros((1, 0), np.float32),
            embeddings=embedded.float().cpu().numpy(),
            hop=Fraction(len(wave), sample_rate),
        )
