"""A run's folder: where it is, and what came out of it so far.

checkpoint.pt   everything to go on from, to the very step
alignment/      the best alignment, for ``one --alignment``, with ``training.json`` of its own
logs/           for TensorBoard
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from diffava_foley.errors import TrainingError
from diffava_foley.model.alignment import VisualAlignment, save_alignment
from diffava_foley.store import replacing

from . import checkpoints
from .features import Made
from .recipe import Recipe
from .retrieval import Retrieval

CHECKPOINT, ALIGNMENT, LOGS, TOLD = "checkpoint.pt", "alignment", "logs", "training.json"


@dataclass
class State:
    """How far a run is, and all that its next step depends on but the recipe and the features."""

    step: int = 0
    """steps taken in all"""
    best: tuple[float, float] | None = None
    """``Retrieval.worth`` of the alignment kept"""
    best_epoch: int = 0
    module: Mapping[str, Any] = field(default_factory=dict)
    optimizer: Mapping[str, Any] = field(default_factory=dict)
    scaler: Mapping[str, Any] = field(default_factory=dict)
    """fp16's; empty otherwise"""


@dataclass(frozen=True)
class Run:
    """A folder, and what a run in it is made of."""

    folder: Path
    recipe: Recipe
    made: Made
    learned: str
    """``Folder.identity`` of the features learned from"""
    measured: str
    """the same of those held out"""

    @property
    def alignment(self) -> Path:
        """The folder of the best alignment."""
        return self.folder / ALIGNMENT

    def load(self) -> State | None:
        """Where the run was left, None where it has not begun; refuses a run of another kind."""
        kept = checkpoints.load(self.folder / CHECKPOINT)
        if kept is None:
            return None
        then, now = kept.pop("run"), self._told()
        # A longer run passes through the shorter one's states: the learning rate is constant.
        others = [name for name in now if then.get(name) != now[name] and name != "epochs"]
        if others:
            changes = ", ".join(f"{name} {then.get(name)!r}, not {now[name]!r}" for name in others)
            raise TrainingError(
                f"{self.folder}: this run was begun with {changes:.300}; go on as it was begun, or"
                " choose another folder"
            )
        return State(**kept)

    def save(self, state: State) -> None:
        """Keeps the state, in the place of the one before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        checkpoints.save(self.folder / CHECKPOINT, run=self._told(), **vars(state))

    def keep(self, module: VisualAlignment, epoch: int, retrieval: Retrieval | None) -> None:
        """Makes this alignment the run's result."""
        save_alignment(module, self.alignment)
        told = {
            "epoch": epoch,
            "retrieval": asdict(retrieval) if retrieval else None,
            "recipe": asdict(self.recipe),
            "features": asdict(self.made),
        }
        with replacing(self.alignment / TOLD) as unfinished:
            unfinished.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    def _told(self) -> dict[str, Any]:
        return asdict(self.recipe) | {"features": self.learned, "held out": self.measured}
