"""The paper's table 1 on standard output: ours, the published rows below, and what to know."""

import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from diffava_foley.evaluation.comparison import Comparison
from diffava_foley.evaluation.layout import Grid, grid
from diffava_foley.evaluation.report import HOW_SURE, provenance

from .table import WIDTH_OF_A_FILE

WIDE = 160
"""Characters that all columns need; where there are fewer, the paper's stand above the others."""


def echo_comparison(comparison: Comparison) -> None:
    """Prints every table, its legend, the notes, and the clips that failed."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
    for table in comparison.tables:
        laid = grid(table)
        half = len(laid.headings) if console.width >= WIDE else len(laid.headings) // 2
        for start in range(0, len(laid.headings), half):
            console.print(_drawn(laid, slice(start, start + half)))
        for line in (HOW_SURE, *laid.legend):
            click.echo(f"  {line}")
    click.echo(provenance(comparison.sounds.made_with))
    for note in comparison.notes:
        click.echo(f"Note: {note}")
    sounds = comparison.sounds
    click.echo(f"Clips tried: {len(sounds.tried)}. Failed: {len(sounds.failed)}.")
    for one in sounds.failed:
        click.echo(f"  failed: {one.name} “{one.caption}”: {one.reason}")


def _drawn(laid: Grid, columns: slice) -> Table:
    table = Table(title=laid.title, title_justify="left")
    table.add_column("")
    for heading in ("n", *laid.headings[columns]):
        table.add_column(heading, justify="right")
    ours = sum(not line.is_published for line in laid.lines)
    for number, line in enumerate(laid.lines, start=1):
        style = "dim" if line.is_published else ""
        cells = (line.title, line.n, *(cell.replace(" [", "\n[") for cell in line.cells[columns]))
        table.add_row(*(Text(cell, style=style) for cell in cells), end_section=number == ours)
    return table
