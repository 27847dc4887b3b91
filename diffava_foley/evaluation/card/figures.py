"""How near the generated sounds come to real ones, in the judge's ears."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffava_foley.evaluation.metrics import bootstrap, divergence, frechet, inception, kernel
from diffava_foley.evaluation.metrics.records import Interval

from .heard import Heard
from .reference import Reference

STRANGERS = 2000  # pairs of real clips of different sounds
NEAR_A_COPY = 0.5  # quantile of how near copies come to what they are copies of


@dataclass(frozen=True)
class Row:
    """One set of clips, in every measure. FD, KID and KL are to the held-out real ones."""

    name: str
    n: int
    recognised: float
    """The share with one of its sound's own names among the judge's first five, 0 to 1."""
    interval: Interval
    """Of ``recognised``."""
    kl: float
    """To the sound's real clips: KL-softmax(ref||gen), av-benchmark; the same clip left out."""
    fd: float | None
    kid: float | None
    inception_score: float
    nearest: float
    """The mean cosine to the nearest clip of the training."""
    near_a_copy: float
    """The share that comes nearer to one than half of plain copies do, 0 to 1."""


def row(name: str, heard: Heard, reference: Reference, itself: str = "") -> Row:
    """The measures of one set; ``itself`` names the real set that it is made of, if it is."""
    real = reference.held_out
    hits = heard.recognised.astype(float)
    nearest = _nearest(heard, reference.taught)
    copies = np.quantile(_nearest(reference.copies, reference.taught), NEAR_A_COPY)
    same = itself == "held_out"
    return Row(
        name=name,
        n=len(hits),
        recognised=float(hits.mean()),
        interval=bootstrap.interval(hits),
        kl=float(np.mean(_own(heard, real, paired=bool(itself)))),
        fd=None if same else frechet.frechet(real.embeddings, heard.embeddings),
        kid=None if same else kernel.kid(real.embeddings, heard.embeddings).mean,
        inception_score=inception.inception_score(heard.logits).mean,
        nearest=float(nearest.mean()),
        near_a_copy=float((nearest > copies).mean()),
    )


def stranger(real: Heard, seed: int = 0) -> float:
    """The mean KL between real clips of different sounds: a random other clip."""
    random = np.random.default_rng(seed)
    pairs = random.integers(len(real.sounds), size=(2, STRANGERS))
    names = np.array(real.sounds)
    first, second = pairs[:, names[pairs[0]] != names[pairs[1]]]
    return float(_kl(real.logits[first], real.logits[second]).mean())


def ratio(part: Heard, whole: Heard, draws: int = 2000) -> tuple[float, Interval]:
    """The share recognised of ``part`` over that of ``whole``, and where it lies."""
    random = np.random.default_rng(0)
    hits, all_hits = (heard.recognised.astype(float) for heard in (part, whole))
    found = [
        random.choice(hits, len(hits)).mean() / random.choice(all_hits, len(all_hits)).mean()
        for _ in range(draws)
    ]
    low, high = np.quantile(found, (0.025, 0.975))
    return float(hits.mean() / all_hits.mean()), Interval(float(low), float(high))


def retrieved(captions: NDArray[np.float32], asked: Sequence[str], reference: Reference) -> Heard:
    """The training's clips nearest to the captions (N, 384): what no generator at all would do."""
    best = (captions @ reference.taught_audio.T).argmax(axis=1)
    taught = reference.taught
    return Heard(
        tuple(asked),
        tuple(taught.top[index] for index in best),
        taught.logits[best],
        taught.embeddings[best],
    )


def _own(heard: Heard, real: Heard, *, paired: bool) -> list[float]:
    """The divergence of each clip from its sound's real ones, but not from the one it is."""
    names = np.array(real.sounds)
    found = []
    for index, name in enumerate(heard.sounds):
        same = names == name
        if paired:
            same[index] = False
        others = real.logits[same]
        if len(others):
            found.append(float(_kl(others, heard.logits[[index] * len(others)]).mean()))
    return found


def _kl(reference: NDArray[np.float32], generated: NDArray[np.float32]) -> NDArray[np.float64]:
    return divergence.kl_of_pairs(reference, generated, convention="av-benchmark")


def _nearest(heard: Heard, taught: Heard) -> NDArray[np.float32]:
    """(N,): each clip's cosine to the nearest clip of the training."""
    ours, theirs = (
        one.embeddings / np.linalg.norm(one.embeddings, axis=1, keepdims=True)
        for one in (heard, taught)
    )
    nearest: NDArray[np.float32] = (ours @ theirs.T).max(axis=1)
    return nearest
