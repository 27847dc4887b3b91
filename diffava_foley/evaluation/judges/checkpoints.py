"""Judges' weights as their authors published them: files of torch.save, read as data alone."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from diffava_foley.errors import WeightsError

_REBUILD: Any = np.zeros(0).__reduce__()[0]
HARMLESS: list[Any] = [
    np.ndarray,
    np.dtype,
    *(type(np.dtype(kind)) for kind in (np.bool_, np.int32, np.int64, np.float32, np.float64)),
    _REBUILD,
    (_REBUILD, "numpy.core.multiarray._reconstruct"),  # its name before NumPy 2
]
"""PANNs' training loop saved the state of its sampler, NumPy arrays, beside the weights."""


def read_state(path: Path) -> dict[str, Tensor]:
    """The tensors by name in a ``.pth`` file, or in its entry ``model``; no code of it is run."""
    try:
        with torch.serialization.safe_globals(HARMLESS):
            saved: Any = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise WeightsError(f"{path}: there is no such file of weights") from error
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "not a checkpoint"
        raise WeightsError(f"{path}: these weights cannot be read ({reason})") from error
    state = saved.get("model", saved) if isinstance(saved, Mapping) else None
    if not isinstance(state, Mapping) or not all(isinstance(one, Tensor) for one in state.values()):
        raise WeightsError(f"{path}: this file holds no weights by name")
    return dict(state)


def fill(network: torch.nn.Module, state: Mapping[str, Tensor], path: Path) -> None:
    """Give the network the weights, all of them and no others."""
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        lines = str(error).splitlines()
        raise WeightsError(
            f"{path}: these are the weights of another network ({lines[1:2] or lines})"
        ) from error
    network.eval().requires_grad_(False)
