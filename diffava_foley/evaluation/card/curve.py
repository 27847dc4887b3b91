"""The figure of how few steps do."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from diffava_foley.media.publish import new_file

from .figures import Row
from .steps import Point


def draw(points: Sequence[Point], ceiling: Row) -> Figure:
    """The share recognised and the KID of every trial, by calls of the U-Net.

    ``ceiling`` is real sounds through the vocoder, a dashed line.
    """
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _panel(left, "recognised, %", 100 * ceiling.recognised)
    _panel(right, "KID × 10³", 1000 * (ceiling.kid or 0.0))
    ordered = sorted(points, key=lambda point: (point.trial.way, point.trial.calls))
    for name, group in groupby(ordered, key=lambda point: point.trial.way):
        line = list(group)
        calls = [point.trial.calls for point in line]
        shares = [100 * point.row.recognised for point in line]
        reach = [
            [100 * (point.row.recognised - point.row.interval.low) for point in line],
            [100 * (point.row.interval.high - point.row.recognised) for point in line],
        ]
        left.errorbar(calls, shares, reach, marker="o", capsize=2, label=name)
        right.plot(calls, [1000 * (point.row.kid or 0.0) for point in line], marker="o", label=name)
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False
    )
    return figure


def save(figure: Figure, path: Path, *, overwrite: bool = False) -> None:
    """Writes the figure whole or not at all, as its suffix says: .svg or .png."""
    with (
        matplotlib.rc_context({"svg.hashsalt": "diffava-foley"}),
        new_file(path, overwrite=overwrite) as file,
    ):
        kind = path.suffix.removeprefix(".")
        figure.savefig(file, format=kind, metadata={"Date": None} if kind == "svg" else None)


def _panel(axes: Axes, what: str, ceiling: float) -> None:
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("calls of the U-Net for one sound")
    axes.set_ylabel(what)
    axes.axhline(ceiling, color="grey", linestyle="--", linewidth=1)
    axes.annotate(
        "real, through the vocoder",
        (1, ceiling),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="bottom",
        fontsize="small",
        color="grey",
    )
    axes.spines[["top", "right"]].set_visible(False)
