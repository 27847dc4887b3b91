"""What the judge made of real sounds, as it is shipped: what generated ones are compared with."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from .heard import Heard

SHIPPED = Path(__file__).with_name("reference.safetensors")
SETS = ("held_out", "resynthesised", "taught", "copies")


@dataclass(frozen=True)
class Reference:
    """Real clips of three seconds, as the judge heard them."""

    held_out: Heard
    """Recordings that no training saw."""
    resynthesised: Heard
    """The same clips through mel, autoencoder and vocoder: no generator on them can do better."""
    taught: Heard
    """The recordings of the training, up to four clips each."""
    copies: Heard
    """Some of these through the vocoder: how a plain copy would look."""
    taught_audio: NDArray[np.float32]
    """(N, 384): the audio embeddings of the clips of the training, unit length, for retrieval."""

    def of(self, sounds: Collection[str]) -> "Reference":
        """What is held out of these sounds alone; nearest and retrieved may be any."""
        return replace(
            self,
            held_out=_of(self.held_out, sounds),
            resynthesised=_of(self.resynthesised, sounds),
        )


def save(reference: Reference, path: Path) -> None:
    """Writes the reference, in half precision."""
    tensors = {"taught_audio": reference.taught_audio.astype(np.float16)}
    names = {}
    for name in SETS:
        heard: Heard = getattr(reference, name)
        tensors[f"{name}.logits"] = heard.logits.astype(np.float16)
        tensors[f"{name}.embeddings"] = heard.embeddings.astype(np.float16)
        names[name] = json.dumps([heard.sounds, heard.top])
    save_file(tensors, path, metadata=names)


def load(path: Path = SHIPPED) -> Reference:
    """The reference in a file."""
    with safe_open(path, "numpy") as file:
        names = {name: json.loads(text) for name, text in file.metadata().items()}

        def heard(name: str) -> Heard:
            sounds, top = names[name]
            return Heard(
                tuple(sounds),
                tuple(tuple(one) for one in top),
                file.get_tensor(f"{name}.logits").astype(np.float32),
                file.get_tensor(f"{name}.embeddings").astype(np.float32),
            )

        sets = {name: heard(name) for name in SETS}
        audio = file.get_tensor("taught_audio").astype(np.float32)
    return Reference(**sets, taught_audio=audio)


def _of(heard: Heard, sounds: Collection[str]) -> Heard:
    return heard.of(np.flatnonzero([name in sounds for name in heard.sounds]))
