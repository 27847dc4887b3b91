"""What can be measured of a system's sounds, each as a function of the clips it is taken on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import AV_ALIGN, CLAP, FAD, FD, IS, KID, KL, KL_SIGMOID, Column
from .hearing import Heard, Hearing
from .metrics import av_align, divergence, frechet, inception, kernel, similarity
from .metrics.divergence import Activation
from .metrics.records import Spread
from .resampling import Clips, Statistic
from .systems import OWN

SPLITS, CLIPS_A_SPLIT = 10, 10
"""The usual inception score has ten splits; with fewer clips in each, one of all clips."""

SUBSETS = 100
"""Of KID."""

Distance = Callable[[NDArray[np.float32], NDArray[np.float32]], float]


@dataclass(frozen=True)
class Gauge:
    """One measure of one system."""

    column: Column
    convention: str
    judge: str
    """Who heard what is measured; empty where nobody had to."""
    clips: int
    """That are drawn from."""
    statistic: Statistic
    is_mean: bool = False
    """A mean over clips, and not a property of the set."""
    counted: int | None = None
    """Clips of which there is a value; None is all of them."""
    spread: Spread | None = None
    """The value, where the convention averages over subsets and the statistic takes all at once."""


def gauges(
    hearing: Hearing, system: str, judge: str | None, patches: str | None
) -> Iterator[Gauge]:
    """What the judge of a table, the judge of FAD, CLAP and the picture say of a system.

    Of the clips' own sounds only what needs nothing to compare them with.
    """
    compared = system != OWN
    if judge is not None:
        own, heard = hearing.judged[judge][OWN], hearing.judged[judge][system]
        if heard.logits.shape[1]:
            yield _inception(heard, judge)
            yield from _pairs(own, heard, judge) if compared else ()
        yield from _sets(own, heard, judge) if compared and hearing.clips > 1 else ()
    if patches is not None and compared:
        yield _fad(hearing.judged[patches][OWN], hearing.judged[patches][system], patches)
    if hearing.clap is not None:
        yield _clap(hearing.clap.texts, hearing.clap.sounds[system], hearing.clap.name)
    aligned = hearing.aligned.get(system, np.zeros(0))
    if counted := int(np.isfinite(aligned).sum()):
        mean, clips = _mean(aligned), len(aligned)
        yield Gauge(AV_ALIGN, av_align.NAME, "", clips, mean, is_mean=True, counted=counted)


def _inception(heard: Heard, judge: str) -> Gauge:
    clips = len(heard.logits)
    splits = SPLITS if clips >= SPLITS * CLIPS_A_SPLIT else 1

    def score(chosen: Clips) -> float:
        return inception.inception_score(heard.logits[chosen], splits).mean

    return Gauge(IS, inception.name(splits), judge, clips, score)


def _pairs(own: Heard, made: Heard, judge: str) -> Iterator[Gauge]:
    kinds: Mapping[Column, Activation] = {KL: "softmax", KL_SIGMOID: "sigmoid"}
    for column, activation in kinds.items():
        each = divergence.kl_of_pairs(own.logits, made.logits, activation)
        name = divergence.name(activation)
        yield Gauge(column, name, judge, len(each), _mean(each), is_mean=True)


def _sets(own: Heard, made: Heard, judge: str) -> Iterator[Gauge]:
    a, b = own.embeddings, made.embeddings
    clips = len(a)
    yield Gauge(FD, frechet.NAME, judge, clips, _between(frechet.frechet, a, b))
    if clips < 4:
        return  # too few for two clips in each of two subsets
    size = kernel.usual_subset(clips, clips)
    spread = kernel.kid(a, b, SUBSETS, size)
    name = kernel.name(SUBSETS, size)
    yield Gauge(KID, name, judge, clips, _between(kernel.mmd, a, b), spread=spread)


def _fad(own: Heard, made: Heard, judge: str) -> Gauge:
    def distance(chosen: Clips) -> float:
        a, b = (np.concatenate([heard.patches[n] for n in chosen]) for heard in (own, made))
        return frechet.frechet(a, b)

    return Gauge(FAD, frechet.AUDIO_NAME, judge, len(own.patches), distance)


def _clap(texts: NDArray[np.float32], sounds: NDArray[np.float32], name: str) -> Gauge:
    cosines = similarity.cosines(texts, sounds)
    return Gauge(CLAP, similarity.NAME, name, len(cosines), _mean(cosines), is_mean=True)


def _mean(values: NDArray[np.float64]) -> Statistic:
    def mean(chosen: Clips) -> float:
        known = values[chosen][np.isfinite(values[chosen])]
        return float(known.mean()) if len(known) else float("nan")

    return mean


def _between(distance: Distance, a: NDArray[np.float32], b: NDArray[np.float32]) -> Statistic:
    return lambda chosen: distance(a[chosen], b[chosen])
