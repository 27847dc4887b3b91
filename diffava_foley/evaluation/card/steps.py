"""How few steps do: the card's clips made with other solvers and other numbers of steps."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diffava_foley.errors import EvaluationError
from diffava_foley.evaluation.judges import Judge
from diffava_foley.model.settings import Settings
from diffava_foley.pipeline import FoleyPipeline

from . import figures, generated
from .heard import hear
from .reference import Reference

NAMES = {
    "ddim": "DDIM",
    "dpmpp": "DPM-Solver++",
    "dpmpp-sde": "SDE-DPM-Solver++",
    "unipc": "UniPC",
    "heun": "Heun",
}


@dataclass(frozen=True)
class Trial:
    """A way of taking the steps."""

    sampler: str
    steps: int
    guided: float = 1.0
    rescale: float | None = None
    """None leaves it as it is otherwise."""

    @classmethod
    def parse(cls, text: str) -> "Trial":
        """What ``sampler:steps``, ``…:guided`` or ``…:guided:rescale`` says."""
        sampler, *numbers = text.split(":")
        try:
            steps, *shares = numbers
            trial = cls(sampler, int(steps), *(float(share) for share in shares))
        except (TypeError, ValueError) as error:
            raise EvaluationError(
                f"trial {text!r}: write sampler:steps[:guided[:rescale]], such as dpmpp:12:0.6"
            ) from error
        trial.settings(Settings())  # refuses what cannot be
        return trial

    @property
    def way(self) -> str:
        """How the steps are taken, however many."""
        parts = [NAMES.get(self.sampler, self.sampler)]
        if self.guided != 1:
            parts.append(f"guided for {self.guided:.0%}")
        if self.rescale:
            parts.append(f"rescaled by {self.rescale:g}")
        return ", ".join(parts)

    @property
    def calls(self) -> int:
        """How often the U-Net is called for one sound; guidance doubles a call."""
        calls = 2 * self.steps - 1 if self.sampler == "heun" else self.steps
        return calls + round(self.guided * calls)

    def settings(self, others: Settings) -> Settings:
        """The settings of this trial, with the others as they are."""
        rescale = others.rescale if self.rescale is None else self.rescale
        return replace(
            others, sampler=self.sampler, steps=self.steps, guided=self.guided, rescale=rescale
        )


@dataclass(frozen=True)
class Point:
    """How one trial went."""

    trial: Trial
    row: figures.Row
    seconds: float
    """That one clip took, all in all, on the machine it ran on."""


def curve(
    pipeline: FoleyPipeline,
    judge: Judge,
    reference: Reference,
    asked: Sequence[generated.Wish],
    trials: Sequence[Trial],
    settings: Settings,
) -> Iterator[Point]:
    """One point for each trial, all of the same captions and seeds."""
    for trial in trials:
        began = time.monotonic()
        made = list(generated.make(pipeline, asked, trial.settings(settings)))
        seconds = (time.monotonic() - began) / len(asked)
        name = f"{trial.way}, {trial.steps} steps"
        yield Point(trial, figures.row(name, hear(judge, made), reference), seconds)
