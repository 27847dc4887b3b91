"""``diffava-foley evaluate``: how good the sounds are. Each way of asking is a file of its own."""

from collections.abc import Mapping

import click

from .lazy import LazyGroup

COMMANDS: Mapping[str, str] = {
    "table": "diffava_foley.cli.evaluate_table:table",
    "figure": "diffava_foley.cli.evaluate_figure:figure",
    "card": "diffava_foley.cli.evaluate_card:card",
    "presence": "diffava_foley.cli.evaluate_presence:presence",
    "steps": "diffava_foley.cli.evaluate_steps:steps",
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def evaluate() -> None:
    """Measure the sounds: the paper's table and figure, on your clips."""
