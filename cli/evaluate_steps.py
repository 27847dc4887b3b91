"""``diffava-foley evaluate steps``: how few steps do."""

from pathlib import Path

import click

TRIALS = (
    *("ddim:200", "ddim:50", "ddim:25", "ddim:12", "ddim:6"),
    *("dpmpp:25", "dpmpp:12", "dpmpp:8", "dpmpp:6"),
    *("dpmpp-sde:24", "dpmpp-sde:16", "dpmpp-sde:12", "dpmpp-sde:8"),
    *("unipc:12", "unipc:8", "heun:6", "dpmpp:12:0.5"),
)


@click.command()
@click.option(
    "--try",
    "texts",
    multiple=True,
    metavar="SAMPLER:STEPS[:GUIDED[:RESCALE]]",
    help=f"A way to take the steps; several times [default: {len(TRIALS)} of them].",
)
@click.option("--clips", type=click.IntRange(10), default=100, show_default=True)
@click.option("--first-seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--known", is_flag=True, help="Only sounds that the weights claim to know.")
@click.option("--weights", default="embedded", show_default=True)
@click.option("--guidance", type=click.FloatRange(1, 100))
@click.option("--rescale", type=click.FloatRange(0, 1))
@click.option("--judge", "spec", default="yamnet", show_default=True, help="Who listens.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A figure, .svg or .png.")
@click.option("--overwrite", is_flag=True, help="Replace the figure if it is there.")
def steps(
    texts: tuple[str, ...],
    clips: int,
    first_seed: int,
    known: bool,
    weights: str,
    guidance: float | None,
    rescale: float | None,
    spec: str,
    output: Path | None,
    overwrite: bool,
) -> None:
    """Print how good the sounds are with fewer steps and other samplers.

    Every trial makes the same clips from the same seeds. Seconds are of this machine, now; compare
    them within one run only.
    """
    from diffava_foley.evaluation.card import generated, reference
    from diffava_foley.evaluation.card import steps as trials
    from diffava_foley.evaluation.judges import open_judge
    from diffava_foley.evaluation.newfiles import check_new
    from diffava_foley.pipeline import FoleyPipeline, Settings
    from diffava_foley.training.embedded import classes

    if output is not None:
        check_new(output, overwrite)
    chosen = [trials.Trial.parse(text) for text in texts or TRIALS]
    judge, pipeline = open_judge(spec), FoleyPipeline.from_weights(weights)
    names = pipeline.models.weights.knows if known else [one.name for one in classes.SOUNDS]
    asked, real = generated.wishes(names, clips, first_seed), reference.load().of(names)
    settings = Settings(guidance=guidance, rescale=rescale)
    points = []
    click.echo("| sampler, steps | calls | recognised | KID × 10³ | seconds a clip |")
    click.echo("| --- | --- | --- | --- | --- |")
    for point in trials.curve(pipeline, judge, real, asked, chosen, settings):
        row = point.row
        click.echo(
            f"| {row.name} | {point.trial.calls} | {row.recognised:.1%} [{row.interval.low:.1%},"
            f" {row.interval.high:.1%}] | {1000 * (row.kid or 0):.0f} | {point.seconds:.2f} |"
        )
        points.append(point)
    if output is not None:
        from diffava_foley.evaluation.card import curve, figures

        ceiling = figures.row(
            "real, through the vocoder", real.resynthesised, real, "resynthesised"
        )
        curve.save(curve.draw(points, ceiling), output, overwrite=overwrite)
