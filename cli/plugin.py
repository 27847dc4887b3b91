"""``diffava-foley plugin``: our scripts inside editors."""

from pathlib import Path

import click

from diffava_foley.errors import InstallationError
from diffava_foley.installation.editors import EDITORS, plugins_of
from diffava_foley.installation.folders import installed_command, this_machine
from diffava_foley.installation.plugins import Plugin, Wishes
from diffava_foley.installation.record import Status

from .options import A_PATH

AN_EDITOR = click.argument("editor", type=click.Choice(tuple(EDITORS)))
SCRIPTS = click.option(
    "--scripts", type=A_PATH, help="The editor's folder of scripts, if it is elsewhere."
)


@click.group()
def plugin() -> None:
    """Put a menu entry into an editor, look after it, take it away."""


@plugin.command()
@AN_EDITOR
@click.option("--folder", type=A_PATH, help="Where the plugin keeps exports and sounds.")
@SCRIPTS
@click.option("--overwrite", is_flag=True, help="Replace scripts that somebody changed.")
def install(editor: str, folder: Path | None, scripts: Path | None, overwrite: bool) -> None:
    """Install the plugin for EDITOR, or bring it up to date."""
    from diffava_foley.installation import record

    wishes, machine = Wishes(installed_command(), folder, scripts), this_machine()
    places = plugins_of(editor, machine, wishes)
    if not places:
        raise InstallationError(
            f"no {EDITORS[editor].title} has been started by this user; start it once, or give its"
            " folder with --scripts"
        )
    for place in places:
        warnings = EDITORS[editor].warnings(machine, place)
        written = record.install(place, overwrite=overwrite)
        click.echo(f"Installed for {place.place}: {place.menu}")
        click.echo(f"{len(written)} files below {place.root}")
        click.echo(f"Exports, sounds and a log will be in {_kept(place)}")
        for warning in warnings:
            click.echo(f"Warning: {warning}.", err=True)


@plugin.command()
@click.argument("editor", type=click.Choice(tuple(EDITORS)), required=False)
@SCRIPTS
@click.pass_context
def status(ctx: click.Context, editor: str | None, scripts: Path | None) -> None:
    """Tell where the plugin for EDITOR, or any, is installed, and whether it works.

    The exit code is 1 when one should be installed again.
    """
    from diffava_foley.installation import record

    wishes, well = Wishes(installed_command(), None, scripts), True
    for name in [editor] if editor else list(EDITORS):
        for place in plugins_of(name, this_machine(), wishes):
            state = record.status(place)
            click.echo(f"{EDITORS[name].title}, {place.place}: {_words(state)}")
            for path in state.changed:
                click.echo(f"  changed by somebody else: {path}")
            well = well and not (state.outdated or state.changed or state.command_is_gone)
    ctx.exit(0 if well else 1)


@plugin.command()
@AN_EDITOR
@SCRIPTS
@click.option("--force", is_flag=True, help="Remove scripts that somebody changed, too.")
@click.pass_context
def uninstall(ctx: click.Context, editor: str, scripts: Path | None, force: bool) -> None:
    """Remove the plugin for EDITOR. Sounds and timelines stay."""
    from diffava_foley.installation import record

    wishes, kept = Wishes(installed_command(), None, scripts), False
    for place in plugins_of(editor, this_machine(), wishes):
        removal = record.uninstall(place, force=force)
        if removal.removed:
            click.echo(f"Removed for {place.place}: {len(removal.removed)} files")
            click.echo(f"Sounds and timelines stay in {_kept(place)}")
        for path in removal.kept:
            click.echo(f"kept {path}: somebody changed it; --force removes it", err=True)
        kept = kept or bool(removal.kept)
        if not removal.removed and not removal.kept:
            click.echo(f"Nothing of ours is installed for {place.place}")
    ctx.exit(1 if kept else 0)


def _kept(place: Plugin) -> str:
    """Where a plugin keeps what it makes."""
    return str(place.work_folder or "a folder foley beside the project")


def _words(state: Status) -> str:
    if not state.found:
        return "not installed"
    if state.command_is_gone:
        return f"installed, but {state.command} has gone; install it again"
    if state.outdated:
        return "installed by another version or for another command; install it again"
    return f"installed, runs {state.command}"
