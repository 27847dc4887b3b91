"""Tensors out of a pickled checkpoint, read so that no code in it can run."""

import _codecs
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from diffava_foley.errors import WeightsError

from . import parts

KINDS = ("f2", "f4", "f8", "i4", "i8", "b1")  # of the numbers beside the tensors


def read_tensors(path: Path, key: str) -> dict[str, Tensor]:
    """The tensors under ``key``, or those of the whole file if it has no such key, by name."""
    checkpoint = _load(path)
    tensors = checkpoint.get(key, checkpoint) if isinstance(checkpoint, dict) else {}
    if not tensors or not all(isinstance(value, Tensor) for value in tensors.values()):
        raise WeightsError(f"{path} has no tensors by name: it is no checkpoint of a model")
    return dict(tensors)


def _load(path: Path) -> Any:
    try:
        with torch.serialization.safe_globals(_numbers()):
            # Mapped, so that the optimizer's state beside the model is never in memory.
            whole = zipfile.is_zipfile(path)
            return torch.load(path, map_location="cpu", weights_only=True, mmap=whole)
    except FileNotFoundError as error:
        raise WeightsError(f"there is no file {path}: check the name") from error
    except pickle.UnpicklingError as error:
        named = re.search(r"GLOBAL (\S+)", str(error))
        raise WeightsError(
            f"{path} holds more than tensors{f' ({named[1]})' if named else ''}, and reading that"
            " could run any code: get it from its authors, or a copy with the tensors alone"
        ) from error
    except Exception as error:  # whatever torch makes of a damaged file
        raise WeightsError(
            f"{path} cannot be read, get it again: {parts.first_line(error)}"
        ) from error


def _numbers() -> list[Any]:
    """What numpy's numbers are pickled with, which only makes numbers: LAION noted their scores."""
    scalar = np.float64(0).__reduce__()[0]
    places = ("numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar")
    kinds = [type(np.dtype(kind)) for kind in KINDS]
    return [*((scalar, place) for place in places), np.dtype, _codecs.encode, *kinds]
