"""The paper's figure 2 as a picture: frames above, spectrograms below, on one axis of time.

Drawn with matplotlib's objects alone, so that no figure, backend or style of the caller is
touched; its settings are its defaults while one is drawn, whatever the user's are, so that the same
plate is the same file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import EvaluationError, OutputError
from diffava_foley.media.publish import NewFile, new_file

from .lines import wrapped
from .plates import Plate, Sound
from .spectrogram import RANGE, height, log_mel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg")

WIDTH, LEFT, RIGHT = 10.0, 0.62, 0.72  # inches
CAPTION, SMALL_PRINT = 12.0, 6.5  # points
CAPTION_LINE, SMALL_LINE = 0.2, 0.11  # inches
ABOVE, BELOW, FOOT = 0.22, 0.37, 0.08  # inches: of the caption, and of the small print
GAP = 0.28  # inches, in which a sound's title stands
PANEL = 0.95  # inches: a spectrogram
TALLEST_FRAME = 1.6  # inches
DOTS = 120  # an inch
FREQUENCIES = {250.0: "250 Hz", 1000.0: "1 kHz", 4000.0: "4 kHz"}
COLOURS = "magma"
INK, FAINT = "#1f1d2b", "#77748a"
SALT = "diffava-foley"
"""What the names inside an SVG are made from, in the place of chance."""


def write(plate: Plate, paths: Sequence[Path], *, overwrite: bool = False) -> None:
    """Writes the figure to every path, as its suffix says: .png or .svg."""
    for path in paths:
        check_suffix(path)
    with _defaults():
        figure = draw(plate)
        for path in paths:
            with new_file(path, overwrite=overwrite) as file:
                _save(figure, file, path.suffix.lower())


def check_suffix(path: Path) -> None:
    """Refuses what is no kind of picture that can be written."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path}: a figure ends in {' or '.join(SUFFIXES)}; change -o")


def draw(plate: Plate) -> "Figure":
    """The figure, as matplotlib holds it."""
    from matplotlib.figure import Figure

    across = WIDTH - LEFT - RIGHT
    caption = wrapped(f"“{plate.caption}”", across, CAPTION, weight="bold")
    small_print = wrapped(plate.small_print, across, SMALL_PRINT)
    strip = _strip_height(plate.frames)
    head = ABOVE + len(caption) * CAPTION_LINE
    foot = BELOW + len(small_print) * SMALL_LINE + FOOT
    tall = head + strip + len(plate.sounds) * (GAP + PANEL) + foot
    figure = Figure(figsize=(WIDTH, tall), dpi=DOTS, facecolor="white")

    def axes(top: float, inches: float) -> "Axes":
        bottom = 1 - (top + inches) / tall
        return figure.add_axes((LEFT / WIDTH, bottom, across / WIDTH, inches / tall))

    _draw_frames(axes(head, strip), plate)
    top = head + strip + GAP
    for sound in plate.sounds:
        panel = axes(top, PANEL)
        _draw_sound(panel, plate, sound)
        top += PANEL + GAP
    _draw_clock(panel)
    _draw_scale(figure)
    _draw_lines(figure, caption, ABOVE / 2, CAPTION_LINE, size=CAPTION, color=INK, weight="bold")
    _draw_lines(figure, small_print, top + BELOW - GAP, SMALL_LINE, size=SMALL_PRINT, color=FAINT)
    return figure


@contextmanager
def _defaults() -> Iterator[None]:
    """Matplotlib's own settings for the time being, and those that leave chance out of an SVG."""
    try:
        from matplotlib import rc_context, style
    except ImportError as error:
        raise EvaluationError(
            "drawing needs matplotlib: pip install 'diffava-foley[evaluation]'"
        ) from error
    with style.context("default"), rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        yield


def _save(figure: "Figure", file: NewFile, suffix: str) -> None:
    if suffix == ".svg":
        figure.savefig(file, format="svg", metadata={"Date": None})
    else:
        figure.savefig(
            file, format="png", metadata={"Software": None}, pil_kwargs={"optimize": True}
        )


def _draw_lines(
    figure: "Figure", lines: Sequence[str], top: float, step: float, **style: Any
) -> None:
    """Text from so many inches below the top on, a line every ``step``; a dollar is a dollar."""
    tall = figure.get_figheight()
    for row, line in enumerate(lines):
        middle = 1 - (top + step * (row + 0.5)) / tall
        figure.text(LEFT / WIDTH, middle, line, va="center", parse_math=False, **style)


def _strip_height(frames: NDArray[np.uint8]) -> float:
    """Inches: as high as the frames are when so many of them fill the width."""
    count, high, wide = frames.shape[:3]
    return min(TALLEST_FRAME, float((WIDTH - LEFT - RIGHT) / count * high / wide))


def _draw_frames(axes: "Axes", plate: Plate) -> None:
    """The frames side by side, each over its own part of the time, cut to fit if need be."""
    count = len(plate.frames)
    _time_axis(axes, plate)
    axes.set_ylim(0, 1)
    box = axes.get_window_extent()
    shape = box.width / count / box.height
    edges = np.linspace(float(plate.start), float(plate.start + plate.duration), count + 1)
    for frame, start, end in zip(plate.frames, edges, edges[1:], strict=False):
        shown = _cropped(frame, shape)
        axes.imshow(shown, extent=(start, end, 0, 1), aspect="auto", interpolation="antialiased")
    for edge in edges[1:-1]:
        axes.axvline(edge, color="white", linewidth=2)
    axes.set_axis_off()


def _cropped(frame: NDArray[np.uint8], shape: float) -> NDArray[np.uint8]:
    """The middle of a frame that is so many times as wide as high."""
    high, wide = frame.shape[:2]
    across, down = min(wide, round(high * shape)), min(high, round(wide / shape))
    left, top = (wide - across) // 2, (high - down) // 2
    return frame[top : top + down, left : left + across]


def _draw_sound(axes: "Axes", plate: Plate, sound: Sound) -> None:
    _time_axis(axes, plate)
    start, end = float(plate.start), float(plate.start + plate.duration)
    axes.imshow(
        log_mel(sound.wave, sound.sample_rate),
        extent=(start, end, 0, 1),
        origin="lower",
        aspect="auto",
        cmap=COLOURS,
        vmin=-RANGE,
        vmax=0,
        interpolation="antialiased",
    )
    axes.set_yticks([height(hertz) for hertz in FREQUENCIES], list(FREQUENCIES.values()))
    axes.tick_params(labelsize=7, colors=FAINT, length=2, width=0.6)
    axes.tick_params(axis="x", labelbottom=False, length=0)
    axes.grid(axis="x", color="white", alpha=0.16, linewidth=0.6)
    axes.set_title(sound.title, loc="left", size=8.5, color=INK, pad=3.5)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _time_axis(axes: "Axes", plate: Plate) -> None:
    axes.set_autoscale_on(False)
    axes.set_xlim(float(plate.start), float(plate.start + plate.duration))


def _draw_clock(axes: "Axes") -> None:
    """The seconds, below the last panel for all of them."""
    axes.tick_params(axis="x", labelbottom=True, length=2, pad=2)
    axes.set_xlabel("seconds", size=7, color=FAINT, labelpad=1)


def _draw_scale(figure: "Figure") -> None:
    """What the colours mean, beside the first sound."""
    first = figure.axes[1].get_position()
    left = first.x1 + 0.12 / WIDTH
    axes = figure.add_axes((left, first.y0, 0.07 / WIDTH, first.height))
    ramp = np.linspace(-RANGE, 0, 256)[:, None]
    axes.imshow(ramp, extent=(0, 1, -RANGE, 0), origin="lower", aspect="auto", cmap=COLOURS)
    axes.yaxis.tick_right()
    axes.set_xticks([])
    axes.set_yticks([-60, -30, 0], ["−60", "−30", "0 dB"])
    axes.tick_params(labelsize=6.5, colors=FAINT, length=2, width=0.6, pad=1.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
