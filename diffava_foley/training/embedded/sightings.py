"""Training examples of the alignment: what is in view each second, and what the caption says.

One object is there for a while, or two are, one after the other; or something silent, or nothing.
They come and go at any moment, so a second may show its object for a part only. The caption names
what is seen, or all of it, or one of two, or something off screen, or nothing in particular.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

SECONDS = (3, 10)  # of an example
PARTS = 8  # frames of a second
TWO, NONE = 0.45, 0.1  # shares of the examples with two objects, and with none
VAGUE, ELSEWHERE = 0.2, 0.15  # shares of the captions that say nothing, and what is off screen
BOTH = 0.6  # share of the captions of two objects that name them both


@dataclass(frozen=True)
class Material:
    """What the examples are put together from."""

    views: dict[str, Tensor]
    """(N, P, 1280) by sound: its pictures, each in P places."""
    empty: Tensor
    """(N, 1280): backgrounds alone, and things that have no sound here."""
    captions: dict[str, Tensor]
    """(K, D) by sound; "" holds the vague ones."""
    pairs: dict[tuple[str, str], Tensor]
    """(K, D) by two sounds in the order of the caption."""
    meant: dict[str, Tensor]
    """(D,) by sound: the middle of its captions."""
    silence: Tensor
    """(D,): the caption of nothing."""


@dataclass(frozen=True)
class Sighting:
    """One example of T seconds."""

    video: Tensor
    """(T, 1280)."""
    given: Tensor
    """(D,): the caption's embedding."""
    shown: Tensor
    """(T, D): where the picture alone should lie, unit length."""
    wanted: Tensor
    """(T, D): where the condition should lie, unit length."""
    present: Tensor
    """(T,): share of the second in which something is seen that the caption means."""
    sound: str
    """The sound of the object that comes first."""
    seen: Tensor
    """(T,): share of the second in which that object is seen."""


def draw(material: Material, random: np.random.Generator, seconds: int) -> Sighting:
    """One example."""
    names = sorted(material.views)
    kind = random.random()
    count = 0 if kind < NONE else 2 if kind < NONE + TWO else 1
    objects = [str(name) for name in random.choice(names, max(count, 1), replace=False)]
    seen = _stays(count, len(objects), seconds, random)  # (O, T)
    given, named, its_own = _caption(material, objects, count, random)
    shares = torch.from_numpy(seen)[..., None]  # (O, T, 1)
    heard = [
        given if its_own else material.meant[name] for name in objects
    ]  # what the sound of each object is to be
    seldom = 1 - shares.sum(dim=0)
    shown = sum(
        (s * material.meant[n] for s, n in zip(shares, objects, strict=True)),
        seldom * material.silence,
    )
    meant = [i for i, name in enumerate(objects) if name in named]
    wanted = sum((shares[i] * heard[i] for i in meant), (1 - shares[meant].sum(dim=0)) * given)
    return Sighting(
        video=_look(material, objects, seen, random),
        given=given,
        shown=F.normalize(shown, dim=-1),
        wanted=F.normalize(wanted, dim=-1),
        present=shares[meant].sum(dim=0)[:, 0],
        sound=objects[0],
        seen=shares[0, :, 0],
    )


def _stays(count: int, rows: int, seconds: int, random: np.random.Generator) -> NDArray[np.float32]:
    """The share of each second in which each object is in view: (O, T)."""
    frames = np.zeros((rows, seconds * PARTS), np.float32)
    borders = np.sort(random.choice(seconds * PARTS + 1, max(2 * count, 1), replace=False))
    if count == 1 and random.random() < 0.15:
        borders = np.array([0, seconds * PARTS])
    if count == 2 and random.random() < 0.3:
        borders[1] = borders[2]  # one gives way to the other
    for row in range(count):
        frames[row, borders[2 * row] : borders[2 * row + 1]] = 1
    shares: NDArray[np.float32] = frames.reshape(rows, seconds, PARTS).mean(axis=2)
    return shares


def _caption(
    material: Material, objects: list[str], count: int, random: np.random.Generator
) -> tuple[Tensor, list[str], bool]:
    """The embedding given, the objects that it means, and whether it names just that one."""
    chance = random.random()
    if chance < VAGUE:
        return _pick(material.captions[""], random), objects, False
    if chance < VAGUE + ELSEWHERE or count == 0:
        others = sorted(set(material.captions) - {"", *objects})
        return _pick(material.captions[others[random.integers(len(others))]], random), [], False
    if count == 2 and random.random() < BOTH:
        first, second = random.permutation(objects)
        return _pick(material.pairs[str(first), str(second)], random), objects, False
    name = objects[random.integers(len(objects))]
    return _pick(material.captions[name], random), [name], True


def _look(
    material: Material, objects: list[str], seen: NDArray[np.float32], random: np.random.Generator
) -> Tensor:
    """(T, 1280): the mean of what is seen in each second."""
    pictures = [_pick(material.views[name], random) for name in objects]  # (P, 1280) each
    background = _pick(material.empty, random)
    video = []
    for second in range(seen.shape[1]):
        here = background if random.random() < 0.8 else _pick(material.empty, random)
        rest = 1 - float(seen[:, second].sum())
        mixed = rest * here
        for share, views in zip(seen[:, second], pictures, strict=True):
            if share:
                mixed = mixed + float(share) * _pick(views, random)
        video.append(mixed)
    return torch.stack(video)


def _pick(rows: Tensor, random: np.random.Generator) -> Tensor:
    return rows[random.integers(len(rows))]
