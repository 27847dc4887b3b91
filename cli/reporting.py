"""How a command tells what happens: a progress bar for people, lines of JSON for programs."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from diffava_foley.errors import FoleyError
from diffava_foley.events import Finished, Listener

from .events import echo_error, echo_event


@contextmanager
def reporting(as_json: bool) -> Iterator[Listener]:
    """A listener for the makers; in JSON an error is a line, too."""
    if as_json:
        try:
            yield echo_event
        except FoleyError as error:
            echo_error(str(error))
            raise click.exceptions.Exit(1) from error
        return
    from rich.console import Console

    from .progress import ProgressBar

    with ProgressBar(Console(stderr=True)) as bar:
        yield bar


def echo_summary(result: Finished) -> None:
    """What was made and what is missing, with every reason."""
    click.echo(
        f"Takes made: {result.made}, found from before: {result.reused}."
        f" Shots failed: {len(result.failed)}. Passed over: {len(result.passed_over)}."
    )
    for shot in result.failed:
        click.echo(f"  failed: {shot.clip} “{shot.caption}”: {shot.reason}")
    if result.output is not None:
        click.echo(f"New timeline: {result.output}")
    if result.stem is not None:
        click.echo(f"Stem: {result.stem}")
