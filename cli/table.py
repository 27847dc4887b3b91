"""The plan of a batch as a table: what would be made, from which marker, what is missing."""

from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from diffava_foley.events import Planned, PlannedShot


def echo_plan(plan: Planned) -> None:
    """Prints the plan on standard output."""
    console = Console()
    table = Table(title=f"{plan.timeline} → {plan.output}", title_justify="left")
    for heading in ("Start", "Length", "Clip", "Caption", "Found in", "What happens"):
        table.add_column(heading, overflow="fold")
    for shot in plan.shots:
        cells = (_clock(shot.start), _seconds(shot.duration), shot.clip, shot.caption, shot.marker)
        table.add_row(*map(Text, cells), _fate(shot, plan.takes))
    for clip in plan.passed_over:
        cells = (_clock(clip.start), _seconds(clip.duration), clip.clip, "", "")
        table.add_row(*map(Text, cells), Text(f"passed over: {clip.reason}", style="dim"))
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
        f"{len(plan.shots)} shots: {missing} takes to make, {problems} that cannot be made;"
        f" {len(plan.passed_over)} clips passed over"
    )


def _clock(time: Fraction) -> str:
    minutes, seconds = divmod(time, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{float(seconds):06.3f}"


def _seconds(duration: Fraction) -> str:
    return f"{float(duration):.3f} s"
