"""``diffava-foley doctor``: what this machine has, what is missing, what to do."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from diffava_foley.errors import FoleyError

ROOM_NEEDED = 2**30  # a few hundred takes, or the smaller AudioLDM
GIBI = 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    good: bool
    what: str
    advice: str = ""


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Say what this machine has, what is missing, and what to do."""
    findings = [finding for examine in EXAMINATIONS for finding in examine()]
    for finding in findings:
        mark = click.style("ok  ", fg="green") if finding.good else click.style("LOOK", fg="red")
        click.echo(f"{mark}  {finding.what}")
        if finding.advice:
            click.echo(f"      → {finding.advice}")
    troubles = sum(not finding.good for finding in findings)
    click.echo("All is well." if not troubles else f"{troubles} to look at.")
    ctx.exit(1 if troubles else 0)


def _python() -> Iterator[Finding]:
    yield Finding(True, f"diffava-foley {version('diffava-foley')}, Python")
    yield Finding(True, f"{platform.python_version()} on {platform.platform()}")


def _packages() -> Iterator[Finding]:
    for requirement in requires("diffava-foley") or ():
        if "extra ==" in requirement:
            continue
        name = requirement.split(">")[0].strip()
        try:
            yield Finding(True, f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(False, f"{name} is missing", f"pip install '{requirement}'")


def _devices() -> Iterator[Finding]:
    try:
        from diffava_foley.model import devices
    except (ImportError, OSError) as error:
        yield Finding(
            False, f"torch does not start: {error}", "pip install --force-reinstall torch"
        )
        return
    device, precision = devices.choose()
    what = f"computes on {device.type} in {str(precision).removeprefix('torch.')}"
    slow = "a GPU would be many times faster" if device.type == "cpu" else ""
    yield Finding(True, what, slow)


def _weights() -> Iterator[Finding]:
    from diffava_foley.model.weights import resolve

    try:
        chosen = resolve("embedded", offline=True)
    except FoleyError as error:
        yield Finding(False, str(error), "install diffava-foley again, or choose --weights")
    else:
        yield Finding(True, f"embedded weights {chosen.revision}, licence {chosen.licence}")


def _timelines() -> Iterator[Finding]:
    from diffava_foley.timeline.documents import suffixes

    yield Finding(True, f"reads timelines in {', '.join(sorted(suffixes()))}")


def _disk() -> Iterator[Finding]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    enough = free > ROOM_NEEDED
    yield Finding(
        enough, f"{free / GIBI:.1f} GiB free in {here}", "" if enough else "free some space"
    )
    if not os.access(here, os.W_OK):
        yield Finding(False, f"{here} cannot be written to", "work in another folder, or use -o")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _devices,
    _weights,
    _timelines,
    _disk,
)
