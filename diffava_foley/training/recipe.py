"""How an alignment is trained: the paper's settings where it states them. No torch here."""

from dataclasses import dataclass

from diffava_foley.errors import TrainingError
from diffava_foley.model import variants

EACH_SECOND, WHOLE = "seconds", "whole"
HEARD = (EACH_SECOND, WHOLE)
PRECISIONS = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}  # and Accelerate's names


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out of training, but for the features and the machine."""

    width: int = 768
    """Width of the temporal transformer (the paper's)."""
    layers: int = 4
    """Its depth (the paper's)."""
    heads: int = 8
    """Its attention heads (the paper's)."""
    epochs: int = 30
    """Times that each clip is seen (the paper's)."""
    batch: int = 128
    """Clips that are told apart, over all processes together (the paper's)."""
    learning_rate: float = 1.5e-4
    """Adam's, the same throughout (the paper's)."""
    temperature: float = 0.07
    """tau in equation 2; the paper does not give its own, this is CLIP's and CLAP's."""
    gate: float = 1.0
    """The gate to begin with; ours. At 1 it is the paper's fused embedding; at 0 nothing behind
    it would ever learn. It is trained like all else."""
    picture: str = variants.TRANSFORMER
    """One of ``variants.PICTURES``; the others are ablations."""
    fusion: str = variants.RESIDUAL
    """One of ``variants.FUSIONS``; the other is an ablation."""
    heard: str = EACH_SECOND
    """"seconds": each second is matched with its own sound (equation 2); "whole": with the sound
    of the whole clip."""
    held_out_share: float = 0.02
    """Share of the clips to hold out, by the hash of their names; a folder may stand in for it."""
    precision: str = "float32"
    """Of the activations, one of ``PRECISIONS``; weights and loss stay in float32."""
    seed: int = 0
    """Of the first weights, the order of the clips and the choice of their captions."""

    def __post_init__(self) -> None:
        counts = {"epochs": self.epochs, "batch": self.batch}
        sizes = {"width": self.width, "layers": self.layers, "heads": self.heads}
        for name, number in (counts | sizes).items():
            _require(number >= 1, f"{name} must be 1 or more, not {number}")
        _require(self.batch > 1, "a batch of one has nothing to tell its clip from")
        _require(self.width % self.heads == 0, "the width must be a multiple of the heads")
        _require(self.learning_rate > 0, "the learning rate must be above zero")
        _require(self.temperature > 0, "the temperature must be above zero")
        _require(self.gate != 0, "behind a gate at zero nothing learns; begin with another")
        _require(0 <= self.held_out_share < 1, "the share held out is from 0 to less than 1")
        for name, value, known in (
            ("picture", self.picture, variants.PICTURES),
            ("fusion", self.fusion, variants.FUSIONS),
            ("heard", self.heard, HEARD),
            ("precision", self.precision, PRECISIONS),
        ):
            _require(value in known, f"no {name} {value!r}: one of {', '.join(known)}")


def _require(fulfilled: bool, otherwise: str) -> None:
    if not fulfilled:
        raise TrainingError(f"{otherwise}; see --help")
