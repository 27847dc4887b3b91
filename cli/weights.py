"""``diffava-foley weights``: which models there are, whose they are, and getting them."""

import click

from diffava_foley.errors import WeightsError

KNOWN = (
    "embedded",
    "cvssp/audioldm-s-full-v2",
    "cvssp/audioldm-m-full",
    "cvssp/audioldm-l-full",
)


@click.group()
def weights() -> None:
    """List, fetch and show the weights that make the sounds."""


@weights.command("list")
def list_() -> None:
    """List the weights we know of, and which are on this machine.

    Any other AudioLDM in diffusers format can be given by its hub id or its folder.
    """
    from diffava_foley.model.weights import resolve

    for spec in KNOWN:
        try:
            chosen = resolve(spec, offline=True)
        except WeightsError:
            click.echo(f"{spec:28} not on this machine")
        else:
            click.echo(f"{spec:28} {chosen.licence}, revision {chosen.revision[:12]}")


@weights.command()
@click.argument("spec")
def pull(spec: str) -> None:
    """Fetch the weights SPEC, a hub id such as cvssp/audioldm-m-full, or owner/name@commit."""
    from rich.console import Console
    from rich.progress import Progress

    from diffava_foley.model.weights import resolve

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Fetching {spec}", total=None)
        chosen = resolve(
            spec,
            refresh=True,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    click.echo(f"{chosen.id} revision {chosen.revision} lies in {chosen.folder}")
    click.echo(f"Licence of these weights: {chosen.licence}")


@weights.command()
@click.argument("spec", default="embedded")
def show(spec: str) -> None:
    """Show whose the weights SPEC are, their licence, and what they know."""
    from diffava_foley.model.licences import is_non_commercial
    from diffava_foley.model.settings import Settings
    from diffava_foley.model.weights import resolve

    chosen = resolve(spec, offline=True)
    click.echo(f"{chosen.title} ({chosen.id})")
    click.echo(f"Revision: {chosen.revision}")
    click.echo(f"Folder: {chosen.folder}")
    click.echo(f"Licence: {chosen.licence}")
    if is_non_commercial(chosen.licence):
        click.echo("These weights must not be used commercially.")
    if chosen.attribution:
        click.echo(f"Attribution: {chosen.attribution}")
    click.echo(f"Defaults: {Settings().resolve(chosen).in_words}")
    if chosen.knows:
        click.echo(f"Knows: {', '.join(chosen.knows)}")
