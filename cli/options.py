"""Options that ``one`` and ``batch`` share, each named after the field it sets."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from diffava_foley.errors import FoleyError
from diffava_foley.model.settings import (
    CONDITIONINGS,
    PER_SECOND,
    PRESENCES,
    SAMPLERS,
    Settings,
)
from diffava_foley.naming import check_template
from diffava_foley.rendering import BITS, CHANNELS, DEVICES, PRECISIONS, SUFFIXES, RenderOptions

from .times import handles

F = TypeVar("F", bound=Callable[..., Any])
A_PATH = click.Path(path_type=Path)

MAKING_OPTIONS = (
    click.option(
        "--takes",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        help="How many takes to make of each sound.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=0,
        show_default=True,
        help="The first take's seed; the next take has the next.",
    ),
    click.option("--steps", type=click.IntRange(1, 1000), help="Denoising steps: fewer is faster."),
    click.option("--guidance", type=click.FloatRange(1, 100), help="How hard the caption pulls."),
    click.option(
        "--guided",
        type=click.FloatRange(0, 1),
        help="The share of the steps in which it pulls: less is faster.",
    ),
    click.option(
        "--rescale",
        type=click.FloatRange(0, 1),
        help="How far what it exaggerates is brought back to its size.",
    ),
    click.option("--negative", help="What must not be heard."),
    click.option(
        "--conditioning",
        type=click.Choice(CONDITIONINGS),
        default=PER_SECOND,
        show_default=True,
        help="Follow the picture by the second, as one whole (the paper), or not at all.",
    ),
    click.option(
        "--presence",
        type=click.Choice(PRESENCES),
        help="Where the caption's object is out of view: leave the sound, ask for silence, make"
        " none, or both [default: as the weights like it].",
    ),
    click.option(
        "--sampler",
        type=click.Choice(SAMPLERS),
        help="How noise becomes sound [default: as the weights like it].",
    ),
    click.option(
        "--weights",
        default="embedded",
        show_default=True,
        help="'embedded', a folder in diffusers format, or a hub id such as cvssp/audioldm-m-full.",
    ),
    click.option("--alignment", type=A_PATH, help="A folder with a visual alignment checkpoint."),
    click.option("--video-encoder", help="A folder or hub id of what sees the picture."),
    click.option(
        "--audio-encoder",
        help="The CLAP that ranks takes: a folder, a hub id, or a .pt file of LAION's.",
    ),
    click.option("--device", type=click.Choice(DEVICES), default="auto", show_default=True),
    click.option("--precision", type=click.Choice(PRECISIONS), default="auto", show_default=True),
    click.option("--offline", is_flag=True, help="Never download anything."),
)

DELIVERY_OPTIONS = (
    click.option(
        "--rate",
        "sample_rate",
        type=click.IntRange(8_000, 192_000),
        default=48_000,
        show_default=True,
        help="Samples a second of the files.",
    ),
    click.option(
        "--format",
        "suffix",
        type=click.Choice([suffix.lstrip(".") for suffix in SUFFIXES]),
        default="wav",
        show_default=True,
        help="The form of the files.",
    ),
    click.option(
        "--channels",
        type=click.Choice(CHANNELS),
        default=CHANNELS[0],
        show_default=True,
        help="1 mono, 2 the same on both sides.",
    ),
    click.option(
        "--handles",
        type=handles,
        default="0s",
        help="Make sounds longer than the picture on both sides: 1s, or 12f for frames.",
    ),
    click.option(
        "--loudness",
        type=click.FloatRange(-70, 0, min_open=True),
        metavar="LUFS",
        help="Bring every sound to this loudness, such as -23 [default: as it was made].",
    ),
    click.option(
        "--true-peak",
        type=click.FloatRange(-40, 0),
        default=-1.0,
        show_default=True,
        metavar="DBTP",
        help="No sound rises above this peak.",
    ),
    click.option(
        "--bits", type=click.Choice(BITS), default=24, show_default=True, help="Bits a sample."
    ),
)


def making_options(command: F) -> F:
    """The command with the options of how sounds are made."""
    return _with(command, MAKING_OPTIONS)


def render_options(command: F) -> F:
    """The command with every option of RenderOptions."""
    return _with(command, (*MAKING_OPTIONS, *DELIVERY_OPTIONS))


def template(text: str) -> str:
    """A template for the names of sound files, checked."""
    try:
        check_template(text)
    except FoleyError as error:
        raise click.BadParameter(str(error)) from error
    return text


def rendering(choices: dict[str, Any]) -> RenderOptions:
    """The options of a command line as the makers take them."""
    settings = {field.name: choices.pop(field.name) for field in fields(Settings)}
    suffix = f".{choices.pop('suffix', 'wav')}"
    try:
        return RenderOptions(settings=Settings(**settings), suffix=suffix, **choices)
    except FoleyError as error:
        raise click.UsageError(str(error)) from error


def _with(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command
