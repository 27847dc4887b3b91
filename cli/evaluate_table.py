"""``diffava-foley evaluate table``: the paper's table 1, on your own test list."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from .options import A_PATH, making_options, rendering
from .times import time


@click.command()
@click.argument("listed", metavar="LIST", type=A_PATH)
@click.option("--media", type=A_PATH, help="The folder of the clips [default: beside the list].")
@click.option("--limit", type=click.IntRange(1), help="Try no more clips than this.")
@click.option("--seconds", type=time, default="10", help="Try no more of each clip [default: 10].")
@click.option(
    "--judge",
    "judges",
    multiple=True,
    metavar="SPEC",
    help="Who listens: yamnet, panns:PATH, vggish:PATH (FAD), clap:SPEC; again for several"
    " [default: yamnet].",
)
@click.option(
    "--clap",
    metavar="SPEC",
    help="Who scores sounds by their captions: a folder or hub id [default: the weights' own].",
)
@click.option(
    "--folder",
    type=A_PATH,
    help="Where the sounds are kept, and found again [default: LIST.sounds].",
)
@click.option("--json", "json_path", type=A_PATH, help="Write everything to this file, too.")
@click.option("--markdown", "markdown_path", type=A_PATH, help="Write the tables as Markdown.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there already.")
@making_options
def table(
    listed: Path,
    media: Path | None,
    limit: int | None,
    seconds: Fraction,
    judges: tuple[str, ...],
    clap: str | None,
    folder: Path | None,
    json_path: Path | None,
    markdown_path: Path | None,
    overwrite: bool,
    **choices: Any,
) -> None:
    """Print the paper's table 1 for the clips of LIST.

    LIST is AudioCaps' test.csv, or a CSV with the columns clip, start and caption. Each clip gets a
    sound from plain AudioLDM, which only reads, and from DiffAVA, which looks as well, of the same
    seed; judges compare them with the clip's own. Run it again, and only what is new is made.

    \b
        diffava-foley evaluate table test.csv --media audiocaps/ --takes 3 --judge panns:Cnn14.pth
    """
    trial = (listed, media, seconds, limit, rendering(choices))
    from diffava_foley.evaluation import report
    from diffava_foley.evaluation.comparison import Trial, judge, make_sounds
    from diffava_foley.evaluation.jury import summon
    from diffava_foley.evaluation.newfiles import check_new

    from .comparison import echo_comparison
    from .counting import counting
    from .reporting import reporting

    asked = Trial(*trial)
    for path in filter(None, (json_path, markdown_path)):
        check_new(path, overwrite)
    made = asked.rendering
    jury = summon(judges, clap, made.weights, offline=made.offline, device=made.device)
    with reporting(as_json=False) as listen:
        sounds = make_sounds(asked, folder or listed.with_suffix(".sounds"), listen)
    with counting("Listening") as progress:
        found = judge(sounds, jury, progress)
    echo_comparison(found)
    if json_path:
        report.write_json(json_path, found)
    if markdown_path:
        report.write_markdown(markdown_path, found)
    if sounds.failed:
        raise click.exceptions.Exit(1)
