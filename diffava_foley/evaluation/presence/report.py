"""The bench's table: who follows the picture, how surely, and what could be reached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from diffava_foley.evaluation.metrics import bootstrap

from . import scores
from .trial import Heard, Outcome

DRAWS = 2000
T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """A number with its 95 % bootstrap interval over clips."""

    value: float
    low: float
    high: float
    count: int
    """Clips that it stands on."""


@dataclass(frozen=True)
class Row:
    """One system's figures."""

    system: str
    presence: Figure
    """Pooled over all objects; 1 is chance."""
    order: Figure
    """The share of the clips with two objects whose sounds come in the right order."""
    recognised: Figure
    """The share of the objects whose class is in the judge's top five."""
    while_seen: Figure
    """The mean probability of the class while its object is in view."""


def row(system: str, outcomes: Sequence[Outcome]) -> Row:
    """The figures of one system."""
    twos = [outcome for outcome in outcomes if len(outcome.heard) == 2]
    return Row(
        system=system,
        presence=_figure(outcomes, presence),
        order=_figure(twos, order),
        recognised=_figure(outcomes, recognised),
        while_seen=_figure(outcomes, while_seen),
    )


def presence(outcomes: Sequence[Outcome]) -> float:
    """The presence score of all objects of these clips at once."""
    return scores.pooled([_arrays(heard) for outcome in outcomes for heard in outcome.heard])


def order(outcomes: Sequence[Outcome]) -> float:
    """The share of these clips, of two objects each, whose sounds come in the right order."""
    return float(np.mean([_in_order(*outcome.heard) for outcome in outcomes]))


def recognised(outcomes: Sequence[Outcome]) -> float:
    """The share of the objects whose class the judge recognises."""
    return float(np.mean([heard.recognised for one in outcomes for heard in one.heard]))


def while_seen(outcomes: Sequence[Outcome]) -> float:
    """The mean probability of the class over all half seconds in which its object is in view."""
    arrays = [_arrays(heard) for one in outcomes for heard in one.heard]
    return float(np.concatenate([heard[seen] for heard, seen in arrays]).mean())


def ratio(outcomes: Sequence[Outcome], against: Sequence[Outcome]) -> Figure:
    """How many times the presence score of ``against`` the outcomes reach, pair by pair."""
    pairs = list(zip(outcomes, against, strict=True))
    return _figure(
        pairs, lambda some: presence([a for a, _ in some]) / presence([b for _, b in some])
    )


def markdown(rows: Sequence[Row], ratios: Mapping[str, Figure]) -> str:
    """The table, for reading."""
    lines = [
        "| sounds | presence score | times text-only | order right | class recognised"
        " | its probability in view |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in rows:
        times = _told(ratios[one.system]) if one.system in ratios else "–"
        shares = (_share(one.order), _share(one.recognised))
        cells = (_told(one.presence), times, *shares, _told(one.while_seen))
        lines.append(f"| {one.system} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _in_order(first: Heard, second: Heard) -> bool:
    one, other = np.array(first.scores), np.array(second.scores)
    return scores.in_order(scores.fair_share(one, other), scores.fair_share(other, one))


def _arrays(heard: Heard) -> tuple[scores.Floats, scores.Bools]:
    return np.array(heard.scores), np.array(heard.in_view, dtype=bool)


def _figure(clips: Sequence[T], statistic: Callable[[Sequence[T]], float]) -> Figure:
    if not clips:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    places = np.arange(len(clips))
    found = bootstrap.interval(
        places, lambda chosen: statistic([clips[int(place)] for place in chosen]), draws=DRAWS
    )
    return Figure(statistic(clips), found.low, found.high, len(clips))


def _told(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f}), n = {figure.count}"


def _share(figure: Figure) -> str:
    low, high = 100 * figure.low, 100 * figure.high
    return f"{100 * figure.value:.0f} % ({low:.0f} to {high:.0f}), n = {figure.count}"
