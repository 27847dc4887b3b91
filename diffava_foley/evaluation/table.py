"""The paper's table 1 on one's own clips: text-only AudioLDM and DiffAVA, judged alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .columns import FD
from .gauges import CLIPS_A_SPLIT, SPLITS, gauges
from .hearing import Hearing
from .jury import Jury
from .measuring import Measured, difference, take
from .metrics.records import Measure
from .systems import BLIND, DIFFAVA, OWN, System

OWN_TITLE = "the clips' own sound"
DIFFERENCE_TITLE = "DiffAVA less text only"


@dataclass(frozen=True)
class Row:
    """A system in a table."""

    id: str
    title: str
    measures: Mapping[str, Measure]
    """By column; what is not there could not be measured."""


@dataclass(frozen=True)
class Table:
    """What one judge says, beside what needs another or none."""

    judge: str | None
    rows: tuple[Row, ...]
    difference: Row | None
    """Of DiffAVA and text-only AudioLDM, where both were made."""


def tables(hearing: Hearing, compared: Sequence[System], jury: Jury) -> tuple[Table, ...]:
    """A table for every judge that has one; without any, a table of the other columns."""
    names: tuple[str | None, ...] = tuple(judge.name for judge in jury.tables) or (None,)
    patches = jury.patches.name if jury.patches else None
    titles = {**{system.id: system.title for system in compared}, OWN: OWN_TITLE}
    return tuple(_table(hearing, titles, name, patches) for name in names)


def cautions(hearing: Hearing, found: Sequence[Table]) -> Iterator[str]:
    """What limits the figures, one line each."""
    clips = hearing.clips
    for table in found:
        if table.judge is None or FD.id not in table.rows[0].measures:
            continue
        width = next(iter(hearing.judged[table.judge].values())).embeddings.shape[1]
        if clips < 2 * width:
            yield (
                f"FD by {table.judge} has {width} values a clip and only {clips} clips: it is far"
                f" from its limit below {2 * width}; compare it at equal n only"
            )
    if clips < SPLITS * CLIPS_A_SPLIT:
        yield (
            f"IS is taken on all {clips} clips at once, for they are too few for {SPLITS} splits;"
            f" it cannot exceed {clips}"
        )


def _table(
    hearing: Hearing, titles: Mapping[str, str], judge: str | None, patches: str | None
) -> Table:
    taken = {
        system: {gauge.column.id: take(gauge) for gauge in gauges(hearing, system, judge, patches)}
        for system in titles
    }
    rows = tuple(_row(system, title, taken[system]) for system, title in titles.items())
    return Table(judge, rows, _difference(taken))


def _row(system: str, title: str, taken: Mapping[str, Measured]) -> Row:
    return Row(system, title, {column: one.measure for column, one in taken.items()})


def _difference(taken: Mapping[str, Mapping[str, Measured]]) -> Row | None:
    if DIFFAVA not in taken:
        return None
    blind, looks = taken[BLIND], taken[DIFFAVA]
    both = {name: difference(blind[name], looks[name]) for name in looks if name in blind}
    return Row("difference", DIFFERENCE_TITLE, both)
