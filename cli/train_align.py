"""``diffava-foley train align``: features become an alignment."""

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffava_foley.model import variants
from diffava_foley.training.events import Began, Measured, Stepped
from diffava_foley.training.recipe import HEARD, PRECISIONS, Recipe

from .options import A_PATH
from .pacing import Pace, pacing

if TYPE_CHECKING:
    from diffava_foley.training.retrieval import Retrieval

RECIPE: dict[str, tuple[Any, str]] = {
    "epochs": (int, "Times that each clip is seen."),
    "batch": (int, "Clips that are told apart, over all processes."),
    "learning_rate": (float, "Adam's learning rate."),
    "temperature": (float, "tau in the loss; not in the paper."),
    "width": (int, "Width of the temporal transformer."),
    "layers": (int, "Its depth."),
    "heads": (int, "Its attention heads."),
    "gate": (float, "Where the gate begins: 1 is the paper's fused embedding."),
    "picture": (
        click.Choice(variants.PICTURES),
        "Ablations: seconds apart, no transformer; mean picture; unseen, text only.",
    ),
    "fusion": (click.Choice(variants.FUSIONS), "Ablation: average, no residual network."),
    "heard": (click.Choice(HEARD), "What a second is matched with: its own sound or the whole."),
    "held_out_share": (float, "Share of the clips to measure with, without --held-out."),
    "precision": (click.Choice([*PRECISIONS]), "Of the activations."),
    "seed": (click.IntRange(0), "Of weights, order and captions."),
}


def _recipe_options(command: Any) -> Any:
    """The command with an option for each field of the recipe."""
    for field in reversed(fields(Recipe)):
        kind, text = RECIPE[field.name]
        name = f"--{field.name.replace('_', '-')}"
        option = click.option(name, type=kind, default=field.default, show_default=True, help=text)
        command = option(command)
    return command


@click.command()
@click.argument("features", type=A_PATH)
@click.option("-o", "--output", type=A_PATH, required=True, help="The folder of the run.")
@click.option(
    "--held-out", type=A_PATH, help="Features to measure with; their clips are not learned from."
)
@_recipe_options
@click.option("--device", type=click.Choice(["auto", "cpu"]), default="auto", show_default=True)
@click.option(
    "--save-every",
    type=click.FloatRange(0),
    default=300,
    show_default=True,
    help="Seconds between checkpoints within an epoch; each epoch ends with one.",
)
def align(
    features: Path,
    output: Path,
    held_out: Path | None,
    device: str,
    save_every: float,
    **settings: Any,
) -> None:
    """Train an alignment on the FEATURES of train prepare.

    The defaults are the paper's. Run it again to go on after a stop, to the very step. The best
    alignment by held-out retrieval is OUTPUT/alignment; OUTPUT/logs is for TensorBoard.

    \b
        diffava-foley train align features --held-out val-features -o run
        accelerate launch --num_processes 4 -m diffava_foley train align features -o run
    """
    recipe = Recipe(**settings)
    from diffava_foley.training import align as room
    from diffava_foley.training.features import open_folder

    first = os.environ.get("RANK", "0") == "0"  # of the processes that a launcher started
    with pacing("Steps", watched=first) as pace:
        result = room.align(
            open_folder(features),
            output,
            recipe,
            held_out=open_folder(held_out) if held_out else None,
            device=device,
            save_seconds=save_every,
            listen=_Teller(pace),
        )
    if result:
        click.echo(f"Best alignment: {result.alignment}, of epoch {result.epoch}")


class _Teller:
    """Tells of the training: a bar for its steps, a line for each epoch."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.steps = 0

    def __call__(self, event: Began | Stepped | Measured) -> None:
        """Tells of one event."""
        match event:
            case Began():
                self.steps = event.steps
                self._begin(event)
            case Stepped():
                self.pace(event.step, self.steps, f"loss {event.loss:.3f}")
            case Measured():
                self._measure(event)

    def _begin(self, event: Began) -> None:
        spread = f" over {event.processes} processes" if event.processes > 1 else ""
        self.pace.line(
            f"{event.clips} clips in batches of {event.batch}{spread};"
            f" step {event.step} of {event.steps}"
        )
        if event.words_alone:
            self.pace.line(f"captions alone: {_words(event.words_alone)}")

    def _measure(self, event: Measured) -> None:
        found = f" · {_words(event.retrieval)}" if event.retrieval else ""
        best = " · best" if event.best and event.retrieval else ""
        self.pace.line(f"epoch {event.epoch} · loss {event.loss:.3f}{found}{best}")


def _words(found: "Retrieval") -> str:
    return (
        f"recall@1 {found.recall_1:.1%}, recall@5 {found.recall_5:.1%},"
        f" median rank {found.median_rank:g} of {found.clips}"
    )
