"""``diffava-foley train prepare``: clips become features, once."""

from pathlib import Path

import click

from diffava_foley.rendering import DEVICES

from .options import A_PATH
from .pacing import pacing


@click.command()
@click.argument("manifest", type=A_PATH)
@click.option("-o", "--output", type=A_PATH, required=True, help="The folder of the features.")
@click.option("--media", type=A_PATH, help="Where the clips lie [default: beside MANIFEST].")
@click.option(
    "--weights",
    default="embedded",
    show_default=True,
    help="The AudioLDM that the alignment is for: 'embedded', a folder or a hub id.",
)
@click.option("--video-encoder", help="A folder or hub id of what sees the picture.")
@click.option(
    "--audio-encoder",
    help="The CLAP that hears the sound: a folder, a hub id, or a .pt file of LAION's.",
)
@click.option("--device", type=click.Choice(DEVICES), default="auto", show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Clips that are decoded ahead, each by a thread of its own.",
)
@click.option("--offline", is_flag=True, help="Never download anything.")
@click.pass_context
def prepare(
    ctx: click.Context,
    /,
    manifest: Path,
    output: Path,
    media: Path | None,
    weights: str,
    video_encoder: str | None,
    audio_encoder: str | None,
    device: str,
    workers: int,
    offline: bool,
) -> None:
    """Encode the clips of a MANIFEST once, for train align.

    MANIFEST is a table with the columns clip, start and caption (and duration), or one of
    AudioCaps' own with --media. Run it again to go on after a stop, or when there are more clips.
    Clips that cannot be used are listed in broken.csv; then the exit code is 1.

    \b
        diffava-foley train prepare clips.csv -o features
        diffava-foley train prepare train.csv --media audiocaps/train -o features
    """
    from diffava_foley.training import encoding
    from diffava_foley.training import prepare as room
    from diffava_foley.training.manifests import read_manifest

    clips = read_manifest(manifest, media)
    encoders = encoding.open_encoders(
        weights,
        video_encoder=video_encoder,
        audio_encoder=audio_encoder,
        device=device,
        offline=offline,
    )
    with pacing("Clips") as pace:
        result = room.prepare(
            clips,
            output,
            encoders,
            lambda at: pace(at.done, at.total, f"{at.broken} broken"),
            workers,
        )
    click.echo(
        f"Clips encoded: {result.made}, found from before: {result.found}."
        f" Broken: {len(result.broken)}."
    )
    if result.listed:
        click.echo(f"The broken ones are listed in {result.listed}")
    ctx.exit(1 if result.broken else 0)
