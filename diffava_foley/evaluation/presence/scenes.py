"""What a clip of the bench shows, and when; frozen records, and how they are drawn by lot.

Times are exact: a whole number of frames, in seconds. An object is in view from the frame in which
it appears up to the frame in which it is gone; one that slides is in view while more than half of
its width is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from diffava_foley.training.embedded import classes
from diffava_foley.training.embedded.pictures import Picture

RATE = Fraction(24)  # frames a second
SECONDS = Fraction(6)
STAY = (36, 49)  # frames in view, from 1.5 to 2 seconds
APART = 12  # frames between two objects at least, and from either end of the clip
SLIDE = 8  # frames that an entrance takes where it is not a cut
BACKDROPS = ("colours", "texture", "stripes", "drift", "flicker")
"""What is behind: still soft colours, still texture, moving stripes, drifting clouds, flicker."""
ENTRANCES = ("cut", "slide")


@dataclass(frozen=True)
class Stay:
    """One object and when it is in view."""

    picture: Picture
    begin: Fraction
    """seconds"""
    end: Fraction
    """seconds"""
    entrance: str
    """How it comes and goes: one of ENTRANCES."""
    size: float
    """Of its longer side, in heights of the frame."""
    place: tuple[float, float]
    """Its middle, in widths and heights of the middle square."""
    mirrored: bool

    @property
    def sound(self) -> str:
        """The name of the sound that it makes."""
        return self.picture.sound


@dataclass(frozen=True)
class Scene:
    """One clip of the bench."""

    name: str
    """Of its file, without suffix."""
    caption: str
    backdrop: str
    """One of BACKDROPS."""
    seed: int
    """Of what is drawn behind."""
    stays: tuple[Stay, ...]
    """In the order of time, never two at once."""
    seconds: Fraction = SECONDS


def plan(
    pictures: Sequence[Picture], random: np.random.Generator, ones: int, twos: int
) -> tuple[Scene, ...]:
    """The scenes of a bench: every sound in turn, every picture of a sound in turn."""
    by_sound: dict[str, list[Picture]] = {}
    for picture in pictures:
        by_sound.setdefault(picture.sound, []).append(picture)
    queue = _in_turn(by_sound, random)
    return tuple(
        _scene(f"{kind}-{number:03}", [next(queue) for _ in range(count)], number, random)
        for kind, count, number in (
            *(("one", 1, number) for number in range(ones)),
            *(("two", 2, number) for number in range(twos)),
        )
    )


def _in_turn(
    by_sound: Mapping[str, Sequence[Picture]], random: np.random.Generator
) -> Iterator[Picture]:
    """Pictures without end; any two that follow each other have different sounds."""
    rounds, last = 0, ""
    while True:
        names = [str(name) for name in random.permutation(sorted(by_sound))]
        if names[0] == last:
            names.reverse()
        for name in names:
            yield by_sound[name][rounds % len(by_sound[name])]
        rounds, last = rounds + 1, names[-1]


def _scene(name: str, shown: Sequence[Picture], number: int, random: np.random.Generator) -> Scene:
    times = _times(len(shown), random)
    stays = tuple(
        Stay(
            picture=picture,
            begin=begin / RATE,
            end=end / RATE,
            entrance=ENTRANCES[int(random.integers(len(ENTRANCES)))],
            size=round(float(random.uniform(0.5, 0.85)), 3),
            place=(
                round(float(random.uniform(0.4, 0.6)), 3),
                round(float(random.uniform(0.45, 0.55)), 3),
            ),
            mirrored=bool(random.random() < 0.5),
        )
        for picture, (begin, end) in zip(shown, times, strict=True)
    )
    return Scene(
        name=name,
        caption=_caption([stay.sound for stay in stays], random),
        backdrop=BACKDROPS[number % len(BACKDROPS)],
        seed=int(random.integers(2**31)),
        stays=stays,
    )


def _times(count: int, random: np.random.Generator) -> list[tuple[Fraction, Fraction]]:
    """When each of ``count`` objects comes and goes, in frames."""
    total = int(SECONDS * RATE)
    lengths = [int(random.integers(*STAY)) for _ in range(count)]
    spare = total - sum(lengths) - APART * (count + 1)
    cuts = np.sort(random.integers(0, spare + 1, count))
    times, used = [], 0
    for cut, length, place in zip(cuts, lengths, range(count), strict=True):
        begin = int(cut) + used + APART * (place + 1)
        times.append((Fraction(begin), Fraction(begin + length)))
        used += length
    return times


def _caption(names: Sequence[str], random: np.random.Generator) -> str:
    """The sounds in words that the training never saw, in any order."""
    words = {sound.name: sound.unseen for sound in classes.SOUNDS}
    said = [words[name][int(random.integers(len(words[name])))] for name in names]
    return " and ".join(said[index] for index in random.permutation(len(said)))
