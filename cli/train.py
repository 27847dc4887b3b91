"""``diffava-foley train``: the paper's training on your clips, in two steps."""

from collections.abc import Mapping

import click

from .lazy import LazyGroup

COMMANDS: Mapping[str, str] = {
    "prepare": "diffava_foley.cli.train_prepare:prepare",
    "align": "diffava_foley.cli.train_align:align",
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def train() -> None:
    """Train a visual alignment on your clips: prepare their features, then align.

    \b
        diffava-foley train prepare clips.csv -o features
        diffava-foley train align features -o run
        diffava-foley one clip.mp4 "a dog barks" --alignment run/alignment
    """
