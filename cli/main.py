"""The command and its errors. Each subcommand is imported only when it is called or listed."""

import logging
import os
from collections.abc import Mapping

import click

from diffava_foley.errors import FoleyError

from .lazy import LazyGroup

COMMANDS: Mapping[str, str] = {
    "one": "diffava_foley.cli.one:one",
    "batch": "diffava_foley.cli.batch:batch",
    "train": "diffava_foley.cli.train:train",
    "evaluate": "diffava_foley.cli.evaluate:evaluate",
    "weights": "diffava_foley.cli.weights:weights",
    "plugin": "diffava_foley.cli.plugin:plugin",
    "doctor": "diffava_foley.cli.doctor:doctor",
}
INTERRUPTED = 128 + 2  # as a shell counts a program that SIGINT ended


class Commands(LazyGroup):
    """The one place where errors become one line for the user."""

    def invoke(self, ctx: click.Context) -> object:
        """What the subcommand returns; its errors as one line and an exit code."""
        try:
            return super().invoke(ctx)
        except FoleyError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped. What was finished is kept; run it again to go on.", err=True)
            ctx.exit(INTERRUPTED)


@click.command(cls=Commands, lazy=COMMANDS)
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is going on.")
@click.version_option(package_name="diffava-foley")
@click.pass_context
def main(ctx: click.Context, verbose: bool) -> None:
    """Foley for your cut: sounds made to fit the picture and your words.

    Start with `diffava-foley one CLIP "a caption"`, then put captions in markers and give the whole
    timeline to `diffava-foley batch`.
    """
    _speak(ctx, verbose)


class PlainLines(logging.Handler):
    """Log records as plain lines on standard error, above the progress bar if there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record."""
        click.echo(f"{record.levelname.capitalize()}: {record.getMessage()}", err=True)


def _speak(ctx: click.Context, verbose: bool) -> None:
    """Lets our own words out while the command runs, and keeps the libraries below quiet."""
    ours, lines = logging.getLogger("diffava_foley"), PlainLines()
    ours.addHandler(lines)
    ctx.call_on_close(lambda: ours.removeHandler(lines))
    if verbose:
        ours.setLevel(logging.DEBUG)
    for quiet in ("TRANSFORMERS_VERBOSITY", "DIFFUSERS_VERBOSITY"):
        os.environ.setdefault(quiet, "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
