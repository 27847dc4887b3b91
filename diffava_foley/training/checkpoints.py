"""Checkpoints of a run: written whole or not at all, read back to the very step."""

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, **state: Any) -> None:
    """Writes the state beside the old checkpoint, then takes its place."""
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def load(path: Path) -> dict[str, Any] | None:
    """The state last saved, or None when the run has not begun."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state
