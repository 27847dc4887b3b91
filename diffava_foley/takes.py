"""The takes of one picture: found again or made, delivered as files, ranked best first.

A take's key holds everything that changes what the model makes: the picture by its content, the
caption, the seed, the settings and the weights. The machine is left out, so that a project moved to
another computer is not made anew. The sound is kept as it was made, in ``raw``, and what is
delivered is made from that: another loudness, name or place on the timeline runs no model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from diffava_foley import store
from diffava_foley.delivery import Raw, deliver, delivery_key, describe, shortfall
from diffava_foley.errors import BadTake, MissingMedia
from diffava_foley.media import audio
from diffava_foley.media.broadcast import now
from diffava_foley.media.sources import SequenceSource, Source
from diffava_foley.media.windows import cut_windows
from diffava_foley.rendering import Request
from diffava_foley.store import JSON, Entry, Store
from diffava_foley.studio import Studio

if TYPE_CHECKING:
    from diffava_foley.pipeline import Take

Progress = Callable[[int, int], None]

RAW = "raw"
"""The folder of the sounds as the model made them."""


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
    made: datetime
    reused: bool
    """Whether the model had made it in an earlier run."""


@dataclass(frozen=True)
class Takes:
    """What became of a request: its good takes, best first, and what to know about them."""

    takes: tuple[StoredTake, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """One take of a request, and what the store has of it."""

    key: str
    raw: Entry | None
    delivery_key: str
    delivered: Entry | None
    name: str | None

    @property
    def is_made(self) -> bool:
        """Whether no model is needed for it."""
        return self.raw is not None or self.delivered is not None


@dataclass(frozen=True)
class Search:
    """The takes of a request as the store has them, by their seeds."""

    request: Request
    wanted: Mapping[int, Wanted]

    @property
    def found(self) -> tuple[int, ...]:
        """The seeds of the takes that were made before."""
        return tuple(seed for seed, take in self.wanted.items() if take.is_made)

    @property
    def missing(self) -> tuple[int, ...]:
        """The seeds that are to be made."""
        return tuple(seed for seed, take in self.wanted.items() if not take.is_made)


def look_up(request: Request, studio: Studio, shelf: Store) -> Search:
    """Which takes of the request there are; loads no model."""
    names, wanted = request.slate.names, {}
    for number, (seed, key) in enumerate(take_keys(request, studio).items()):
        name = names[number] if names else None
        delivered = delivery_key(key, request, studio.options.form, name)
        raw = _raw(shelf).find(key)
        wanted[seed] = Wanted(key, raw, delivered, shelf.find(delivered), name)
    return Search(request, wanted)


def take_keys(request: Request, studio: Studio) -> Mapping[int, str]:
    """What tells each take of a request from every other take, by its seed."""
    inputs = _inputs(request, studio)
    seeds = range(studio.options.seed, studio.options.seed + studio.options.takes)
    return {seed: store.key({**inputs, "seed": seed}) for seed in seeds}


def complete(search: Search, studio: Studio, shelf: Store, progress: Progress) -> Takes:
    """All takes of the request, after making the missing ones."""
    raw = {seed: take.raw for seed, take in search.wanted.items() if take.raw is not None}
    warnings: list[str] = []
    reasons: list[str] = []
    for seeds in _runs(search.missing):
        try:
            made = studio.make(search.request, seeds, progress)
        except BadTake as error:
            reasons.append(str(error))
            continue
        for take in made:
            raw[take.seed] = _keep(take, search.wanted[take.seed].key, shelf)
            warnings += [warning for warning in take.warnings if warning not in warnings]
    good = []
    for seed, wanted in search.wanted.items():
        entry = wanted.delivered
        if entry is None and (kept := raw.get(seed)) is not None and kept.sound is not None:
            entry, told = _deliver(kept, kept.sound, wanted, search.request, studio, shelf)
            warnings += [f"take of seed {seed}: {told}"] if told else []
        if entry is not None:
            good.append(_stored(entry, wanted.is_made))
    if not good:
        raise BadTake(reasons[0] if reasons else "every take turned out bad; try another --seed")
    _remember_bad(search, raw, reasons, shelf)
    return Takes(tuple(sorted(good, key=_rank)), (*warnings, *reasons))


def _raw(shelf: Store) -> Store:
    return Store(shelf.root / RAW)


def _keep(take: "Take", key: str, shelf: Store) -> Entry:
    """The take in the store as the model made it."""
    record: dict[str, JSON] = {
        "caption": take.caption,
        "seed": take.seed,
        "settings": asdict(take.settings),
        "weights": take.weights,
        "licence": take.licence,
        "score": take.score,
        "warnings": take.warnings,
        "made": now().isoformat(),
    }

    def write(path: Path) -> None:
        audio.write_audio(path, take.samples, take.sample_rate, bits=32)

    return _raw(shelf).publish(key, take.caption, ".wav", write, record)


def _deliver(
    kept: Entry, sound: Path, wanted: Wanted, request: Request, studio: Studio, shelf: Store
) -> tuple[Entry, str | None]:
    """The take in its delivered form, and what to tell of it."""
    heard, form = audio.read_audio(sound), studio.options.form
    raw = Raw(heard.samples, heard.sample_rate, _made(kept.record))
    told: list[str | None] = []

    def write(path: Path) -> Mapping[str, JSON]:
        level = deliver(raw, request, form, path, wanted.delivery_key)
        told.append(shortfall(form, level))
        return {"delivery": describe(request, form, level)}

    entry = shelf.publish(
        *(wanted.delivery_key, request.caption, form.suffix, write, kept.record), stem=wanted.name
    )
    return entry, told[0]


def _remember_bad(
    search: Search, raw: Mapping[int, Entry], reasons: Sequence[str], shelf: Store
) -> None:
    """Notes the dropped takes of a shot that has a good one, so that they are not made again."""
    for seed in search.missing:
        if seed not in raw:
            why = reasons[0] if reasons else "not fit to be delivered"
            key = search.wanted[seed].key
            _raw(shelf).publish_bad(key, search.request.caption, {"seed": seed, "bad": why})


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
        made=_made(record),
        reused=reused,
    )


def _made(record: Mapping[str, JSON]) -> datetime:
    try:
        return datetime.fromisoformat(str(record.get("made")))
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()


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
    picture = request.picture
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
