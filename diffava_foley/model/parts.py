"""One part of a weights folder, read: whole, frozen, from safetensors alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from diffusers.models.modeling_utils import ModelMixin
from transformers.utils import logging

from diffava_foley.errors import WeightsError


def read(kind: Any, folder: Path, device: torch.device, dtype: torch.dtype = torch.float32) -> Any:
    """The frozen model of this kind in ``folder``, with nothing missing and nothing made up."""
    options: dict[str, Any] = {"dtype": dtype}
    if issubclass(kind, ModelMixin):  # diffusers' word for it, and what it does on its own
        options = {"torch_dtype": dtype, "low_cpu_mem_usage": False}
    plain = any(file.name.count(".") == 1 for file in folder.glob("*.safetensors"))
    try:
        with _quiet():
            part, report = kind.from_pretrained(
                folder,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                variant=None if plain else "fp16",
                **options,
            )
    except Exception as error:  # whatever the libraries make of a damaged file
        raise WeightsError(f"{folder} cannot be read, get it again: {first_line(error)}") from error
    missing = sorted(map(str, [*report["missing_keys"], *report.get("mismatched_keys", ())]))
    if missing:
        raise WeightsError(
            f"{folder} lacks {len(missing)} tensors, {missing[0]} for one: get it again"
        )
    return part.to(device).eval().requires_grad_(False)


def first_line(error: Exception) -> str:
    """What a library had to say, short enough for a message."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


@contextmanager
def _quiet() -> Iterator[None]:
    """While open, transformers prints no progress and no warnings; what is missing, we report."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
