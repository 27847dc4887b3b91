"""LAION's package, kept from the network.

Imported as its authors mean it, ``laion_clap`` (1.1.7) fetches three tokenizers, and its model
fetches a RoBERTa that the checkpoint then overwrites. Their model lies in a part of the package
that does neither; this file loads that part alone.
"""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from transformers import RobertaConfig, RobertaModel

from diffava_foley.errors import WeightsError

PACKAGE = "laion_clap"
PART = f"{PACKAGE}.clap_module"
FUSION_TYPE = "aff_2d"  # of every fused checkpoint that LAION published


def build(size: str, *, fused: bool) -> Any:
    """Their ``CLAP`` with an HTSAT of this size and a RoBERTa, its tensors still meaningless."""
    package = _load()
    with _untrained_roberta(package):
        model, _ = package.create_model(
            f"HTSAT-{size}",
            "roberta",
            enable_fusion=fused,
            fusion_type=FUSION_TYPE if fused else "None",
        )
    return model


def _load() -> ModuleType:
    """The part with the model; the package around it is found but not run."""
    if PART in sys.modules:
        return sys.modules[PART]
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise WeightsError(_wanted("it is not installed"))
    folder = Path(found.origin).parent / PART.rpartition(".")[2]
    spec = importlib.util.spec_from_file_location(
        PART, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise WeightsError(_wanted("it has no clap_module"))
    part = importlib.util.module_from_spec(spec)
    sys.modules[PART] = part  # while it runs, its files look for each other there
    try:
        spec.loader.exec_module(part)
    except Exception as error:  # torchvision's absence, or whatever a newer library breaks
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{PART}.")]:
            del sys.modules[name]
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise WeightsError(_wanted(reason)) from error
    return part


def _wanted(reason: str) -> str:
    return (
        f"LAION's checkpoints are read by LAION's package, and {reason}: run"
        " pip install 'diffava-foley[laion]', in an environment of its own, as it wants an older"
        " numpy"
    )


@contextmanager
def _untrained_roberta(package: ModuleType) -> Iterator[None]:
    """While open, the package makes a RoBERTa where it would fetch one."""

    class Untrained:
        @staticmethod
        def from_pretrained(_name: str) -> RobertaModel:
            config = RobertaConfig(
                vocab_size=50_265,
                max_position_embeddings=514,
                type_vocab_size=1,
                layer_norm_eps=1e-5,
            )
            return RobertaModel(config)

    model = sys.modules[f"{package.__name__}.model"]
    theirs = model.RobertaModel
    model.RobertaModel = Untrained  # type: ignore[attr-defined]
    try:
        yield
    finally:
        model.RobertaModel = theirs  # type: ignore[attr-defined]
