"""``diffava-foley evaluate card``: the figures of the embedded default's card."""

import dataclasses
import json

import click

from diffava_foley.model.settings import SAMPLERS, Settings


@click.command()
@click.option("--clips", type=click.IntRange(10), default=200, show_default=True)
@click.option("--first-seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--known", is_flag=True, help="Only sounds that the weights claim to know.")
@click.option("--weights", default="embedded", show_default=True)
@click.option("--judge", "spec", default="yamnet", show_default=True, help="Who listens.")
@click.option("--steps", type=click.IntRange(1, 1000))
@click.option("--guidance", type=click.FloatRange(1, 100))
@click.option("--rescale", type=click.FloatRange(0, 1))
@click.option("--sampler", type=click.Choice(SAMPLERS))
@click.option("--takes", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def card(
    clips: int,
    first_seed: int,
    known: bool,
    weights: str,
    spec: str,
    takes: int,
    as_json: bool,
    steps: int | None,
    guidance: float | None,
    rescale: float | None,
    sampler: str | None,
) -> None:
    """Print how good the embedded default is, in a judge's ears.

    Makes CLIPS sounds of three seconds from captions that its training never saw, and compares
    them with real sounds, with these passed through its vocoder, and with the recordings of its
    training that are nearest to the captions.
    """
    from diffava_foley.evaluation.card import card as cards
    from diffava_foley.evaluation.card import generated, reference
    from diffava_foley.evaluation.judges import open_judge
    from diffava_foley.model.claps import open_clap
    from diffava_foley.pipeline import FoleyPipeline
    from diffava_foley.training.embedded import classes

    from .counting import counting

    judge = open_judge(spec)
    pipeline = FoleyPipeline.from_weights(weights)
    names = pipeline.models.weights.knows if known else [one.name for one in classes.SOUNDS]
    asked = generated.wishes(names, clips, first_seed)
    settings = Settings(steps=steps, guidance=guidance, sampler=sampler, rescale=rescale)
    with counting("Listening") as progress:
        filled = cards.fill(
            pipeline, open_clap(weights), judge, reference.load(), asked, settings, takes, progress
        )
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(filled), indent=1))
    else:
        click.echo(cards.markdown(filled))
