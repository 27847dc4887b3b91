"""``diffava-foley evaluate table``: the paper's table 1, on your own test list."""

import click


@click.command()
def table() -> None:
    """Print the paper's table 1 for a test list."""
