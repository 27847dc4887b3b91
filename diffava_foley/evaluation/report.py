"""A comparison written down: as JSON for programs, as Markdown for people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from diffava_foley.store import JSON, replacing

from . import published
from .comparison import Comparison
from .layout import Grid, grid
from .making import Tried
from .table import Table

HOW_SURE = "In brackets: 95 % of bootstrap draws of the clips, the same draws for every row."


def write_json(path: Path, comparison: Comparison) -> None:
    """Writes everything that is known, each clip with its seeds and files."""
    text = json.dumps(as_json(comparison), indent=1, ensure_ascii=False, allow_nan=False)
    _write(path, text + "\n")


def write_markdown(path: Path, comparison: Comparison) -> None:
    """Writes the tables with their legends and notes."""
    _write(path, as_markdown(comparison))


def as_json(comparison: Comparison) -> JSON:
    """The comparison as JSON has it."""
    return {
        "made_with": comparison.sounds.made_with,
        "tables": [_table(table) for table in comparison.tables],
        "published": {
            "note": published.NOTE,
            "clips": published.CLIPS,
            "rows": [asdict(row) for row in published.ROWS],
        },
        "clips": [_clip(one) for one in comparison.sounds.tried],
        "failed": [asdict(one) for one in comparison.sounds.failed],
        "notes": comparison.notes,
    }


def as_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown."""
    return "\n".join(_lines(comparison)) + "\n"


def provenance(made_with: Mapping[str, JSON]) -> str:
    """What the sounds were made with, in one line."""
    settings = made_with["settings"]
    assert isinstance(settings, Mapping)
    shown = ", ".join(f"{name} {value}" for name, value in settings.items() if value != "")
    alignment = f", alignment {made_with['alignment']}" if made_with["alignment"] else ""
    return (
        f"Sounds made with {made_with['weights']} ({made_with['licence']}){alignment}: {shown};"
        f" seed {made_with['seed']}, takes {made_with['takes']}"
    )


def _lines(comparison: Comparison) -> Iterator[str]:
    for table in comparison.tables:
        laid = grid(table)
        yield f"## {laid.title}\n"
        yield from _rows(laid)
        yield f"\n{HOW_SURE}\n"
        yield from (f"- {line}" for line in laid.legend)
        yield ""
    yield "## To know\n"
    yield f"- {provenance(comparison.sounds.made_with)}"
    yield from (f"- {note}" for note in comparison.notes)
    yield from (f"- Failed: {one.name}: {one.reason}" for one in comparison.sounds.failed)


def _rows(laid: Grid) -> Iterator[str]:
    headings = ("", "n", *laid.headings)
    yield f"| {' | '.join(headings)} |"
    yield f"| --- {'| ---: ' * (len(headings) - 1)}|"
    for line in laid.lines:
        title = f"*{line.title}*" if line.is_published else line.title
        yield f"| {title} | {line.n} | {' | '.join(line.cells)} |"


def _table(table: Table) -> Mapping[str, JSON]:
    rows = (*table.rows, *((table.difference,) if table.difference else ()))
    return {"judge": table.judge, "rows": [asdict(row) for row in rows]}


def _clip(one: Tried) -> Mapping[str, JSON]:
    part = one.excerpt
    return {
        "name": part.name,
        "clip": str(part.source.path),
        "start": float(part.start),
        "seconds": float(part.duration),
        "caption": part.caption,
        "seeds": one.seeds,
        "sounds": {system: str(path) for system, path in one.sounds.items()},
    }


def _write(path: Path, text: str) -> None:
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
