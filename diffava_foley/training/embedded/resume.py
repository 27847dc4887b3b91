"""Checkpoints of a run: written whole or not at all, read back to the very step."""

import os
from collections.abc import Callable
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


def cosine(step: int, steps: int, warmup: int) -> float:
    """The learning rate's share at a step: linear warm-up, then half a cosine down to 5 %."""
    if step < warmup:
        return (step + 1) / warmup
    progress = min((step - warmup) / max(steps - warmup, 1), 1.0)
    return 0.05 + 0.475 * (1 + float(torch.cos(torch.tensor(progress * torch.pi))))


def schedule(steps: int, warmup: int) -> Callable[[int], float]:
    """A schedule for ``LambdaLR``."""
    return lambda step: cosine(step, steps, warmup)


def trapezoid(step: int, steps: int, warmup: int, falling: float) -> float:
    """The learning rate's share at a step: warm-up, constant, then linear to nought in the last
    ``falling`` share of the steps."""
    return min((step + 1) / warmup, 1.0, (steps - step) / (falling * steps))
