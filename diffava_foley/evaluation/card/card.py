"""The card's figures, computed and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from diffava_foley.evaluation.judges import Judge
from diffava_foley.evaluation.metrics.records import Interval
from diffava_foley.model.claps import Clap
from diffava_foley.pipeline import FoleyPipeline, Settings

from . import figures, generated
from .heard import Heard, hear
from .reference import Reference

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Card:
    """All that is said of the weights."""

    weights: str
    settings: Settings
    """Resolved: no None."""
    takes: int
    """Of which the best by CLAP counts."""
    judge: str
    rows: tuple[figures.Row, ...]
    """Generated, retrieved, real and resynthesised clips."""
    ratio: float
    """The share recognised of the generated over that of the resynthesised clips."""
    ratio_interval: Interval
    stranger_kl: float
    """The KL between real clips of different sounds."""
    by_sound: dict[str, float]
    """The share of the generated clips that was recognised, by sound."""


def fill(
    pipeline: FoleyPipeline,
    clap: Clap,
    judge: Judge,
    reference: Reference,
    asked: Sequence[generated.Wish],
    settings: Settings,
    takes: int = 1,
    progress: Progress | None = None,
) -> Card:
    """The card of a pipeline, from the clips asked for; ``clap`` is what retrieval goes by."""
    made = hear(judge, generated.make(pipeline, asked, settings, takes, progress))
    mine = reference.of({wish.sound for wish in asked})
    captions = clap.embed_text([wish.caption for wish in asked])  # (N, D)
    found = figures.retrieved(
        captions.float().cpu().numpy(), [wish.sound for wish in asked], reference
    )
    share, interval = figures.ratio(made, mine.resynthesised)
    return Card(
        weights=pipeline.models.weights.id,
        settings=settings.resolve(pipeline.models.weights),
        takes=takes,
        judge=judge.name,
        rows=(
            figures.row("generated", made, mine),
            figures.row("retrieved from the training", found, mine),
            figures.row("real, held out", mine.held_out, mine, "held_out"),
            figures.row("real, through the vocoder", mine.resynthesised, mine, "resynthesised"),
        ),
        ratio=share,
        ratio_interval=interval,
        stranger_kl=figures.stranger(mine.held_out),
        by_sound=_by_sound(made),
    )


def markdown(card: Card) -> str:
    """The card's table, as it stands in the weights' README."""
    lines = [
        "| clips | n | recognised | KL | FD | KID × 10³ | IS | nearest | near a copy |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_line(row) for row in card.rows]
    low, high = card.ratio_interval.low, card.ratio_interval.high
    return "\n".join(
        [
            *lines,
            "",
            f"Generated over vocoder: {card.ratio:.1%} [{low:.1%}, {high:.1%}] of its share.",
            f"KL between real clips of different sounds: {card.stranger_kl:.2f}, "
            f"{card.stranger_kl / card.rows[0].kl:.2f} times the generated clips'.",
            "By sound: " + ", ".join(f"{name} {hit:.0%}" for name, hit in card.by_sound.items()),
            "",
            f"{card.weights}, judge {card.judge}, {card.settings.in_words}, best of {card.takes};"
            " 95 % bootstrap intervals.",
        ]
    )


def _line(row: figures.Row) -> str:
    shares = f"{row.recognised:.1%} [{row.interval.low:.1%}, {row.interval.high:.1%}]"
    fd = "" if row.fd is None else f"{row.fd:.0f}"
    kid = "" if row.kid is None else f"{1000 * row.kid:.0f}"
    return (
        f"| {row.name} | {row.n} | {shares} | {row.kl:.2f} | {fd} | {kid} "
        f"| {row.inception_score:.2f} | {row.nearest:.3f} | {row.near_a_copy:.1%} |"
    )


def _by_sound(heard: Heard) -> dict[str, float]:
    names = np.array(heard.sounds)
    return {str(name): float(heard.recognised[names == name].mean()) for name in sorted(set(names))}
