"""A table as it is read: the paper's columns first, ours, and the published rows below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import published
from .columns import COLUMNS, Column
from .metrics.records import Measure
from .table import Row, Table

ARROWS = {"higher": "↑", "lower": "↓"}


@dataclass(frozen=True)
class Line:
    """A row of the table, as text."""

    title: str
    n: str
    cells: tuple[str, ...]
    is_published: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as text, whoever draws it."""

    title: str
    headings: tuple[str, ...]
    """Of the cells."""
    lines: tuple[Line, ...]
    legend: tuple[str, ...]
    """What each column is, by which convention and judge."""


def grid(table: Table) -> Grid:
    """The table as text: values with their 95 % intervals, empty where nothing was measured."""
    rows = (*table.rows, *((table.difference,) if table.difference else ()))
    return Grid(
        title=f"Judge: {table.judge or 'none'}",
        headings=tuple(f"{column.title} {ARROWS[column.better]}" for column in COLUMNS),
        lines=(*(_line(row, row is table.difference) for row in rows), *_published()),
        legend=tuple(_legend(table)),
    )


def _line(row: Row, signed: bool) -> Line:
    clips = {measure.n for measure in row.measures.values()}
    cells = tuple(_cell(column, row.measures.get(column.id), signed) for column in COLUMNS)
    return Line(row.title, "/".join(map(str, sorted(clips))), cells)


def _published() -> Iterator[Line]:
    for row in published.ROWS:
        cells = tuple(_plain(column, row.figures) for column in COLUMNS)
        yield Line(f"{row.title} (published)", str(published.CLIPS), cells, True)


def _plain(column: Column, figures: Mapping[str, float]) -> str:
    return f"{figures[column.id]:.{column.digits}f}" if column.id in figures else ""


def _cell(column: Column, measure: Measure | None, signed: bool) -> str:
    if measure is None:
        return ""
    form = f"{'+' if signed else ''}z.{column.digits}f"  # z: no minus before nought
    text = f"{measure.value:{form}}"
    if measure.interval is not None:
        text += f" [{measure.interval.low:{form}}, {measure.interval.high:{form}}]"
    return text


def _legend(table: Table) -> Iterator[str]:
    yield published.NOTE
    for column in COLUMNS:
        measure = table.rows[0].measures.get(column.id)
        if measure is not None:
            judge = f", judge {measure.judge}" if measure.judge else ""
            yield f"{column.title}: {measure.name}{judge}"
