"""``diffava-foley evaluate figure``: the paper's figure 2, of your own clip."""

import click


@click.command()
def figure() -> None:
    """Draw the paper's figure 2 of a clip."""
