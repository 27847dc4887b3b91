"""``diffava-foley evaluate figure``: the paper's figure 2, of your own clip."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from .options import A_PATH, making_options, rendering
from .times import time


@click.command()
@click.argument("clip", type=A_PATH)
@click.argument("caption")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    required=True,
    type=A_PATH,
    help="The picture, .png or .svg; again for both.",
)
@click.option("--start", type=time, default="0", help="Begin here: 12.5, 1:02.5 or 01:00:02.5.")
@click.option("--end", type=time, help="End here [default: the end of the clip].")
@click.option(
    "--frames", type=click.IntRange(1, 40), default=6, show_default=True, help="Frames to show."
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there already.")
@making_options
def figure(
    clip: Path,
    caption: str,
    outputs: tuple[Path, ...],
    start: Fraction,
    end: Fraction | None,
    frames: int,
    overwrite: bool,
    **choices: Any,
) -> None:
    """Draw the paper's figure 2 of one CLIP.

    Frames of the clip above; below them, on the same axis of time, the spectrograms of what plain
    AudioLDM makes of your CAPTION, of what DiffAVA makes of caption and picture with the same seed,
    and of the sound that the clip has, if it has one.

    \b
        diffava-foley evaluate figure kitchen.mp4 "a glass falls and breaks" -o glass.png
    """
    asked = rendering(choices)
    from diffava_foley.evaluation import figure as figures
    from diffava_foley.evaluation.newfiles import check_new
    from diffava_foley.evaluation.plates import PlateOptions, prepare

    from .reporting import reporting

    for path in outputs:
        figures.check_suffix(path)
        check_new(path, overwrite)
    with reporting(as_json=False) as listen:
        plate = prepare(clip, caption, PlateOptions(asked, start, end, frames), listen)
    figures.write(plate, outputs, overwrite=overwrite)
    for path in outputs:
        click.echo(path)
