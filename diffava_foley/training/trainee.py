"""The alignment while it learns, in one process or in many.

Every process reads the same batch and aligns its own share of it. The others' come from their
processes; a gradient flows through each process's own rows alone, and Accelerate's mean over the
processes, times their number, is the gradient of the loss over the whole batch.
"""

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from diffava_foley.errors import TrainingError
from diffava_foley.model.alignment import AlignmentConfig, VisualAlignment

from . import contrastive
from .features import Made
from .recipe import EACH_SECOND, Recipe
from .runs import State
from .stream import Batch

if TYPE_CHECKING:
    from accelerate import Accelerator

REACH = 10  # seconds that a second sees on either side: the length of a training clip


class Trainee:
    """A module, its optimizer and the processes that they are spread over."""

    def __init__(self, accelerator: "Accelerator", recipe: Recipe, made: Made) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            module = VisualAlignment(configuration(recipe, made))
        nn.init.constant_(module.gate, recipe.gate)
        optimizer = torch.optim.Adam(module.parameters(), recipe.learning_rate)
        self.recipe = recipe
        self.accelerator = accelerator
        self.wrapped, self.optimizer = accelerator.prepare(module, optimizer)

    @property
    def module(self) -> VisualAlignment:
        """The module itself, as one process has it."""
        module: VisualAlignment = self.accelerator.unwrap_model(self.wrapped)
        return module

    @property
    def processes(self) -> int:
        """How many there are, this one included."""
        return int(self.accelerator.num_processes)

    def learn(self, batch: Batch) -> float:
        """The loss over the whole batch (B, T), from which one step was learned."""
        accelerator = self.accelerator
        batch = batch.to(accelerator.device)
        share = len(batch.text) // self.processes
        first = accelerator.process_index * share
        own = batch.rows(slice(first, first + share))
        aligned = self.wrapped(own.video, own.text, own.mask)  # (b, T, D)
        everyone = self._across(aligned, first)  # (B, T, D)
        loss = contrastive.loss(self._heard(batch), everyone, self.recipe.temperature, batch.mask)
        value = loss.item()
        if not math.isfinite(value):
            raise TrainingError(
                f"the loss is {value}: lower --learning-rate, or train in bfloat16 or float32"
            )
        self.optimizer.zero_grad()
        accelerator.backward(loss * self.processes)
        self.optimizer.step()
        return value

    @torch.no_grad()
    def align(self, batch: Batch) -> Tensor:
        """The conditions of many clips, a batch at a time: (N, T, D), on the CPU."""
        module, device, size = self.module, self.accelerator.device, self.recipe.batch
        pieces = []
        for start in range(0, len(batch.text), size):
            some = batch.rows(slice(start, start + size)).to(device)
            pieces.append(module(some.video, some.text, some.mask).float().cpu())
        return torch.cat(pieces)

    def capture(self, state: State) -> State:
        """The state, with all that the trainee is."""
        scaler = self.accelerator.scaler
        state.module = self.module.state_dict()
        state.optimizer = self.optimizer.state_dict()
        state.scaler = scaler.state_dict() if scaler else {}
        return state

    def restore(self, state: State) -> None:
        """Becomes what was captured."""
        self.module.load_state_dict(state.module)
        self.optimizer.load_state_dict(dict(state.optimizer))
        if self.accelerator.scaler and state.scaler:
            self.accelerator.scaler.load_state_dict(dict(state.scaler))

    def _across(self, own: Tensor, first: int) -> Tensor:
        """The rows of all processes, (b, T, D) -> (B, T, D), one's own with their gradient."""
        if self.processes == 1:
            return own
        rows: Tensor = self.accelerator.gather(own.detach())
        return torch.cat([rows[:first], own, rows[first + len(own) :]])

    def _heard(self, batch: Batch) -> Tensor:
        """What each second is matched with, (B, T, D)."""
        if self.recipe.heard == EACH_SECOND:
            return batch.audio
        return batch.whole[:, None].expand_as(batch.audio)


def configuration(recipe: Recipe, made: Made) -> AlignmentConfig:
    """The alignment that a recipe asks for, for the models that the features are of."""
    return AlignmentConfig(
        video_width=made.video_width,
        base=made.base,
        clap=made.clap,
        text_width=made.text_width,
        width=recipe.width,
        layers=recipe.layers,
        heads=recipe.heads,
        max_seconds=REACH,
        picture=recipe.picture,
        fusion=recipe.fusion,
    )
