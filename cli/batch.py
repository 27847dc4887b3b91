"""``diffava-foley batch``: the foley of a whole timeline."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from .options import A_PATH, render_options, rendering, template
from .times import rate


@click.command()
@click.argument("timeline", type=A_PATH)
@click.option(
    "-o", "--output", type=A_PATH, help="The new timeline [default: TIMELINE-foley.otio]."
)
@click.option("--media-root", type=A_PATH, help="Look for missing media in this folder.")
@click.option("--track-name", default="Foley", show_default=True, help="Name of the new tracks.")
@click.option(
    "--name",
    type=template,
    metavar="TEMPLATE",
    help="Names of the sound files, such as '{timeline}_{track}_{clip}_{take}'.",
)
@click.option("--stem", is_flag=True, help="Also write the whole track as one sound.")
@click.option("--only", metavar="TEXT", help="Only shots whose clip or caption has this in it.")
@click.option("--fps", type=rate, help="Frames a second of an EDL: 25, 29.97, 24000/1001.")
@click.option("--marker-prefix", metavar="TEXT", help="Only markers beginning so: 'foley:'.")
@click.option(
    "--marker-colour",
    "--marker-color",
    "marker_colours",
    multiple=True,
    metavar="COLOUR",
    help="Only markers of this colour; can be given several times.",
)
@click.option(
    "--cue-sheet",
    type=A_PATH,
    help="Also write which take lies where, for scripts in editors: .json or .lua.",
)
@click.option("--overwrite", is_flag=True, help="Replace an output that was changed since.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, and make nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell what happens as lines of JSON.")
@render_options
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    timeline: Path,
    output: Path | None,
    media_root: Path | None,
    track_name: str,
    name: str | None,
    stem: bool,
    only: str | None,
    fps: Fraction | None,
    marker_prefix: str | None,
    marker_colours: tuple[str, ...],
    cue_sheet: Path | None,
    overwrite: bool,
    dry_run: bool,
    as_json: bool,
    **choices: Any,
) -> None:
    """Make the foley of a whole TIMELINE, as a new timeline.

    A clip's marker says what is to be heard. The new timeline is the old one with foley tracks; the
    sounds lie beside it in a folder of the same name that ends in .takes. Running it again makes
    only what has changed.

    \b
        diffava-foley batch cut.otio --dry-run
        diffava-foley batch cut.otio --media-root /footage
    """
    asked = rendering(choices)
    from diffava_foley.batch import BatchOptions, render, survey
    from diffava_foley.outputs import default_output
    from diffava_foley.timeline.shots import ReadOptions

    from .events import echo_event
    from .reporting import echo_summary, reporting

    reading = ReadOptions(media_root, marker_prefix, frozenset(marker_colours), only, fps)
    options = BatchOptions(
        reading, asked, track_name, overwrite, name=name, stem=stem, cue_sheet=cue_sheet
    )
    output = output or default_output(timeline)
    if dry_run:
        from .table import echo_plan

        with reporting(as_json):
            (echo_event if as_json else echo_plan)(survey(timeline, output, options))
        return
    with reporting(as_json) as listen:
        result = render(timeline, output, options, listen)
    if not as_json:
        echo_summary(result)
    ctx.exit(1 if result.failed else 0)
