"""``diffava-foley evaluate presence``: does the sound follow the picture?"""

from pathlib import Path
from typing import Any

import click

from diffava_foley.model.settings import PRESENCES, SAMPLERS, Settings

A_PATH = click.Path(path_type=Path)
A_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def presence() -> None:
    """Measure whether the sound follows the picture, on clips whose every moment is known."""


@presence.command()
@click.argument("folder", type=A_FOLDER)
@click.option("--stamps", type=A_FOLDER, required=True, help="Tux Paint's stamps, unpacked.")
@click.option("--clipart", type=A_FOLDER, required=True, help="Open Clip Art's PNGs, unpacked.")
@click.option("--ones", type=click.IntRange(0), default=56, show_default=True)
@click.option("--twos", type=click.IntRange(0), default=28, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def build(folder: Path, stamps: Path, clipart: Path, ones: int, twos: int, seed: int) -> None:
    """Draw the bench into FOLDER: clips of one object, and of two one after the other.

    Only pictures that no training saw are shown. The manifest, bench.json, says what is in view
    from when to when, and whose each picture is.
    """
    from diffava_foley.evaluation.presence import bench
    from diffava_foley.training.embedded.pictures import Collections

    from .counting import counting

    with counting("Drawing") as progress:
        scenes = bench.build(
            folder,
            Collections(stamps, clipart),
            ones=ones,
            twos=twos,
            seed=seed,
            progress=progress,
        )
    click.echo(f"{len(scenes)} clips and {bench.MANIFEST} in {folder}")


@presence.command()
@click.argument("folder", type=A_FOLDER)
@click.option("--weights", default="embedded", show_default=True)
@click.option("--alignment", type=A_PATH, help="A folder with a visual alignment checkpoint.")
@click.option("--judge", "spec", default="yamnet", show_default=True, help="Who listens.")
@click.option("--clips", type=click.IntRange(1), help="Only so many clips of each kind.")
@click.option("--known", is_flag=True, help="Only sounds that the weights claim to know.")
@click.option("--way", "ways", type=click.Choice(PRESENCES), multiple=True, help="Compare these.")
@click.option("--steps", type=click.IntRange(1, 1000))
@click.option("--guidance", type=click.FloatRange(1, 100))
@click.option("--sampler", type=click.Choice(SAMPLERS))
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--run", type=A_FOLDER, help="A training run, for what real sounds reach.")
@click.option("--sounds", type=A_FOLDER, help="The folder of the run's recordings.")
@click.option("--keep", type=A_FOLDER, help="Where what was heard is kept and found again.")
def score(
    folder: Path,
    weights: str,
    alignment: Path | None,
    spec: str,
    clips: int | None,
    known: bool,
    ways: tuple[str, ...],
    seed: int,
    run: Path | None,
    sounds: Path | None,
    keep: Path | None,
    **choices: Any,
) -> None:
    """Print how well sounds follow the bench in FOLDER: text-only, global and per second.

    The presence score is the share of the sound's class, in a judge's ears, that falls while its
    object is in view, over what chance gives: 1 is chance.
    """
    from diffava_foley.evaluation.judges import open_judge
    from diffava_foley.evaluation.presence import bench, ceiling, report, trial
    from diffava_foley.pipeline import FoleyPipeline

    from .counting import counting

    scenes = bench.read(folder)
    judge = open_judge(spec)
    pipeline = FoleyPipeline.from_weights(weights, alignment=alignment)
    scenes = bench.some(scenes, clips, pipeline.models.weights.knows if known else None)
    settings = Settings(**{name: value for name, value in choices.items() if value is not None})
    rows, heard = [], {}
    if run is not None and sounds is not None:
        for title, gated in (("real, in view", True), ("real, throughout", False)):
            reached = ceiling.hear(scenes, run, sounds, judge, gated=gated)
            rows.append(report.row(title, reached))
    for system in trial.systems(settings, ways):
        with counting(system.name) as progress:
            heard[system.name] = trial.run(
                bench.movies(folder, scenes),
                pipeline,
                judge,
                system,
                seed=seed,
                keep=keep,
                progress=progress,
            )
        rows.append(report.row(system.name, heard[system.name]))
    blind, *seeing = heard
    ratios = {name: report.ratio(heard[name], heard[blind]) for name in seeing}
    click.echo(report.markdown(rows, ratios))


@presence.command()
@click.argument("folder", type=A_FOLDER)
@click.option("--weights", default="embedded", show_default=True)
@click.option("--alignment", type=A_PATH, help="A folder with a visual alignment checkpoint.")
@click.option("--clips", type=click.IntRange(1), help="Only so many clips of each kind.")
def look(folder: Path, weights: str, alignment: Path | None, clips: int | None) -> None:
    """Print what the picture alone says of the sound, where the caption is missing or wrong.

    Among the captions of all sounds that the training knew, how often is the right one nearest to
    the condition of the seconds that show the object.
    """
    from diffava_foley.evaluation.presence import bench, recall
    from diffava_foley.pipeline import FoleyPipeline

    from .counting import counting

    scenes = bench.some(bench.read(folder), clips, None)
    pipeline = FoleyPipeline.from_weights(weights, alignment=alignment)
    with counting("Looking") as progress:
        found = recall.look(bench.movies(folder, scenes), pipeline.models, progress)
    click.echo(recall.markdown(found))
