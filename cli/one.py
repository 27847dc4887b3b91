"""``diffava-foley one``: the foley of one clip."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from .options import A_PATH, render_options, rendering
from .times import time


@click.command()
@click.argument("clip", type=A_PATH)
@click.argument("caption")
@click.option(
    "-o",
    "--output",
    type=A_PATH,
    help="The sound file, .wav or .flac [default: CLIP-foley.wav in the current folder].",
)
@click.option("--start", type=time, default="0", help="Begin here: 12.5, 1:02.5 or 01:00:02.5.")
@click.option("--end", type=time, help="End here [default: the end of the clip].")
@click.option("--mux", type=A_PATH, help="Also copy the movie to this file, with the new sound.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there already.")
@click.option("--json", "as_json", is_flag=True, help="Tell what happens as lines of JSON.")
@render_options
def one(
    clip: Path,
    caption: str,
    output: Path | None,
    start: Fraction,
    end: Fraction | None,
    mux: Path | None,
    overwrite: bool,
    as_json: bool,
    **choices: Any,
) -> None:
    """Make the sound of one CLIP from the picture and your CAPTION.

    CLIP is a movie, an image (with --end) or an image sequence written name.####.png. Several takes
    are ranked by how well they fit the caption: the best is the file you asked for, the others are
    numbered beside it.

    \b
        diffava-foley one kitchen.mp4 "a glass falls and breaks" -o glass.wav --takes 4
    """
    if output is not None and output.suffix:
        choices["suffix"] = output.suffix.removeprefix(".").lower()
    asked = rendering(choices)
    from diffava_foley.clip import ClipOptions, default_output, render

    from .reporting import reporting

    output = output.with_suffix(asked.suffix) if output else default_output(clip, asked.suffix)
    options = ClipOptions(asked, start, end, mux, overwrite)
    with reporting(as_json) as listen:
        takes = render(clip, caption, output, options, listen)
    if not as_json:
        for take in takes:
            click.echo(take.path)
