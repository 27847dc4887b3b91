"""The takes of one picture: found again or made, delivered as files, ranked best first.

A take's key holds everything that changes the sound: the picture by its content, the caption, the
seed, the settings, the weights and the form of delivery. The machine is left out, so that a project
moved to another computer is not made anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from diffava_foley import store
from diffava_foley.errors import BadTake, MissingMedia
from diffava_foley.media.sources import SequenceSource, Source
from diffava_foley.media.windows import cut_windows
from diffava_foley.rendering import RenderOptions, Request
from diffava_foley.store import JSON, Entry, Store
from diffava_foley.studio import Studio

if TYPE_CHECKING:
    from diffava_foley.pipeline import Take

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class StoredTake:
    """A take in the store."""

    sound: Path
    caption: str
    seed: int
    settings: Mapping[str, JSON]
    weights: str
    licence: str
    score: float | None
    reused: bool


@dataclass(frozen=True)
class Takes:
    """What became of a request: its good takes, best first, and what to know about them."""

    takes: tuple[StoredTake, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Search:
    """The takes of a request as the store has them: one key a seed, found or not."""

    request: Request
    keys: Mapping[int, str]
    found: Mapping[int, Entry]

    @property
    def missing(self) -> tuple[int, ...]:
        """The seeds that are to be made."""
        return tuple(seed for seed in self.keys if seed not in self.found)


def look_up(request: Request, studio: Studio, shelf: Store) -> Search:
    """Which takes of the request there are; loads no model."""
    inputs = _inputs(request, studio)
    seeds = range(studio.options.seed, studio.options.seed + studio.options.takes)
    keys = {seed: store.key({**inputs, "seed": seed}) for seed in seeds}
    entries = {seed: shelf.find(key) for seed, key in keys.items()}
    return Search(request, keys, {seed: entry for seed, entry in entries.items() if entry})


def complete(search: Search, studio: Studio, shelf: Store, progress: Progress) -> Takes:
    """All takes of the request, after making the missing ones."""
    entries, warnings = dict(search.found), []
    reasons: list[str] = []
    for seeds in _runs(search.missing):
        try:
            made = studio.make(search.request, seeds, progress)
        except BadTake as error:
            reasons.append(str(error))
            continue
        for take in made:
            entries[take.seed] = _publish(take, search, studio.options, shelf)
            warnings += [warning for warning in take.warnings if warning not in warnings]
    good = [_stored(entry, seed in search.found) for seed, entry in entries.items() if entry.sound]
    if not good:
        raise BadTake(reasons[0] if reasons else "every take turned out bad; try another --seed")
    _remember_bad(search, entries, reasons, shelf)
    return Takes(tuple(sorted(good, key=_rank)), (*warnings, *reasons))


def _publish(take: "Take", search: Search, options: RenderOptions, shelf: Store) -> Entry:
    record: dict[str, JSON] = {
        "caption": take.caption,
        "seed": take.seed,
        "settings": asdict(take.settings),
        "weights": take.weights,
        "licence": take.licence,
        "score": take.score,
        "warnings": take.warnings,
    }
    return shelf.publish(
        search.keys[take.seed],
        take.caption,
        options.suffix,
        lambda path: deliver(take, search.request.picture.duration, options, path),
        record,
    )


def deliver(
    take: "Take", duration: Fraction, options: RenderOptions, path: Path, overwrite: bool = False
) -> None:
    """Writes a take as a file of exactly this duration."""
    from diffava_foley.media import audio

    sound = audio.deliver(
        take.samples,
        take.sample_rate,
        duration=duration,
        sample_rate=options.sample_rate,
        channels=options.channels,
    )
    audio.write_audio(path, sound, options.sample_rate, bits=options.bits, overwrite=overwrite)


def _remember_bad(
    search: Search, entries: Mapping[int, Entry], reasons: Sequence[str], shelf: Store
) -> None:
    """Notes the dropped takes of a shot that has a good one, so that they are not made again."""
    for seed, key in search.keys.items():
        if seed not in entries:
            why = reasons[0] if reasons else "not fit to be delivered"
            shelf.publish_bad(key, search.request.caption, {"seed": seed, "bad": why})


def _stored(entry: Entry, reused: bool) -> StoredTake:
    record = entry.record
    settings, score, seed = record.get("settings"), record.get("score"), record.get("seed")
    assert entry.sound is not None
    return StoredTake(
        sound=entry.sound,
        caption=str(record.get("caption", "")),
        seed=seed if isinstance(seed, int) else 0,
        settings=settings if isinstance(settings, Mapping) else {},
        weights=str(record.get("weights", "")),
        licence=str(record.get("licence", "")),
        score=float(score) if isinstance(score, (int, float)) else None,
        reused=reused,
    )


def _rank(take: StoredTake) -> tuple[float, int]:
    return (-take.score if take.score is not None else 0.0, take.seed)


def _runs(seeds: Sequence[int]) -> Iterator[range]:
    """The seeds as stretches without a gap, each of which the model makes in one go."""
    start = 0
    for end in range(1, len(seeds) + 1):
        if end == len(seeds) or seeds[end] != seeds[end - 1] + 1:
            yield range(seeds[start], seeds[end - 1] + 1)
            start = end


def _inputs(request: Request, studio: Studio) -> Mapping[str, JSON]:
    picture, options = request.picture, studio.options
    moments = [
        moment
        for window in cut_windows(picture.duration)
        for moment in picture.media_moments(window.moments)
    ]
    return {
        "caption": request.caption.strip(),
        "duration": str(picture.duration),
        "picture": _content(picture.source, moments),
        "moments": [str(moment) for moment in moments],
        "model": studio.identity(),
        "delivery": [options.sample_rate, options.channels, options.bits, options.suffix],
    }


def _content(source: Source, moments: Sequence[Fraction]) -> JSON:
    """The picture by what is in its files, wherever they lie."""
    if isinstance(source, SequenceSource):
        numbers = {int(moment // source.image_seconds) for moment in moments}
        images = [source.image(min(max(n, 0), source.count - 1)) for n in sorted(numbers)]
        return [store.fingerprint(image) if image.is_file() else None for image in images]
    try:
        return store.fingerprint(source.path)
    except OSError as error:
        raise MissingMedia(f"{source.path}: cannot be read; check the path") from error
