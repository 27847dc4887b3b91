"""The plan of a batch as a table: what would be made, from which marker, what is missing."""

import sys
from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from diffava_foley.events import PassedOver, Planned, PlannedShot

WIDTH_OF_A_FILE = 200  # characters: where no terminal folds the lines


def echo_plan(plan: Planned) -> None:
    """Prints the plan on standard output."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
    table = Table(title=f"{plan.timeline} → {plan.output}", title_justify="left")
    for heading in ("Start", "Length", "Clip", "Caption", "Found in", "What happens"):
        table.add_column(heading, overflow="fold")
    items: list[PlannedShot | PassedOver] = [*plan.shots, *plan.passed_over]
    for item in sorted(items, key=lambda item: item.start):
        cells = [_clock(item.start), _seconds(item.duration), item.clip]
        if isinstance(item, PlannedShot):
            table.add_row(*map(Text, [*cells, item.caption, item.marker]), _fate(item, plan.takes))
        else:
            table.add_row(*map(Text, [*cells, "", ""]), Text(f"none: {item.reason}", style="dim"))
    console.print(table)
    console.print(_totals(plan), markup=False, highlight=False, soft_wrap=True)


def _fate(shot: PlannedShot, takes: int) -> Text:
    if shot.problem is not None:
        return Text(f"cannot be made: {shot.problem}", style="red")
    if shot.found is None or shot.found == 0:
        return Text("make" if takes == 1 else f"make {takes} takes", style="green")
    if shot.found < takes:
        return Text(f"make {takes - shot.found} more takes", style="green")
    return Text("there already")


def _totals(plan: Planned) -> str:
    possible = [shot for shot in plan.shots if shot.problem is None]
    missing = sum(max(0, plan.takes - (shot.found or 0)) for shot in possible)
    problems = len(plan.shots) - len(possible)
    return (
        f"Takes to make: {missing}. Shots that cannot be made: {problems}."
        f" Passed over: {len(plan.passed_over)}."
    )


def _clock(time: Fraction) -> str:
    minutes, seconds = divmod(time, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{float(seconds):06.3f}"


def _seconds(duration: Fraction) -> str:
    return f"{float(duration):.3f} s"
