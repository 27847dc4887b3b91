"""The sounds of a comparison: for every excerpt one of each system, made or found again.

They lie in a work folder as takes do, known by what made them, so that a run which was stopped goes
on, and a longer list makes only what is new. Beside them lies each excerpt's own sound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from diffava_foley import store
from diffava_foley.errors import FoleyError, OutputError, WeightsError
from diffava_foley.events import (
    DoneTake,
    Listener,
    Planned,
    PlannedShot,
    ShotDone,
    ShotFailed,
    ShotStarted,
    StepDone,
)
from diffava_foley.media.audio import write_audio
from diffava_foley.media.forms import Bits
from diffava_foley.rendering import RenderOptions
from diffava_foley.store import JSON, Store
from diffava_foley.studio import Studio
from diffava_foley.takes import Search, Takes, complete, look_up

from .excerpts import Excerpt, Failed, own_sound
from .systems import OWN, System, seed_of

SAMPLE_RATE = 16_000
"""AudioLDM's own rate and that of the usual judges, so that nothing is resampled in between."""
BITS: Bits = 24

FOR_ALL = (WeightsError, OutputError)
"""Failures that the next excerpt would meet again, so that they end the comparison."""


@dataclass(frozen=True)
class Tried:
    """An excerpt with its own sound and that of every system."""

    excerpt: Excerpt
    sounds: Mapping[str, Path]
    """By system, and its own."""
    seeds: Mapping[str, int]
    """Of the take that was chosen, by system."""
    warnings: tuple[str, ...]


def delivered(options: RenderOptions) -> RenderOptions:
    """The options with the form in which the sounds of a comparison are kept, whatever theirs."""
    form = RenderOptions(sample_rate=SAMPLE_RATE, channels=1, bits=BITS, suffix=".wav")
    return replace(
        options,
        sample_rate=form.sample_rate,
        channels=form.channels,
        bits=form.bits,
        suffix=form.suffix,
        loudness=form.loudness,
        true_peak=form.true_peak,
        handles=form.handles,
    )


@dataclass(frozen=True)
class Workshop:
    """Where the sounds of a comparison are made."""

    compared: tuple[System, ...]
    studio: Studio
    shelf: Store
    listen: Listener

    def asked(self, system: System, part: Excerpt) -> Studio:
        """The studio, asked for an excerpt's own seeds in the manner of a system."""
        seed = seed_of(part.name, part.caption, self.studio.options.seed)
        return self.studio.asked_for(seed=seed, settings=system.settings)


Searches = Mapping[str, Search]
"""What there is of an excerpt's takes, by system."""


def make(
    parts: Sequence[Excerpt | Failed], source: Path, workshop: Workshop
) -> tuple[Tried | Failed, ...]:
    """What became of every excerpt, in their order; what fails does not stop the others."""
    searches = [_searches(part, workshop) for part in parts]
    workshop.listen(_plan(parts, searches, source, workshop))
    return tuple(
        _outcome(part, found, workshop) for part, found in zip(parts, searches, strict=True)
    )


def _searches(part: Excerpt | Failed, workshop: Workshop) -> Searches | Failed:
    if isinstance(part, Failed):
        return part
    try:
        return {
            system.id: look_up(part.request, workshop.asked(system, part), workshop.shelf)
            for system in workshop.compared
        }
    except FOR_ALL:
        raise
    except FoleyError as error:
        return Failed(part.name, part.caption, str(error))


def _outcome(
    part: Excerpt | Failed, searches: Searches | Failed, workshop: Workshop
) -> Tried | Failed:
    if isinstance(part, Failed):
        return part
    if isinstance(searches, Failed):
        return searches
    try:
        return _complete(part, searches, workshop)
    except FOR_ALL:
        raise
    except FoleyError as error:
        for system in workshop.compared:
            shot = (_shot(part, system), part.name, part.caption, str(error))
            workshop.listen(ShotFailed(*shot))
        return Failed(part.name, part.caption, str(error))


def _complete(part: Excerpt, searches: Searches, workshop: Workshop) -> Tried:
    sounds = {OWN: _own(part, workshop.shelf)}
    seeds: dict[str, int] = {}
    warnings: list[str] = []
    for system in workshop.compared:
        takes = _takes(part, system, searches[system.id], workshop)
        sounds[system.id], seeds[system.id] = takes.takes[0].sound, takes.takes[0].seed
        warnings += [told for told in takes.warnings if told not in warnings]
    return Tried(part, sounds, seeds, tuple(warnings))


def _takes(part: Excerpt, system: System, search: Search, workshop: Workshop) -> Takes:
    """An excerpt's takes of one system, best first."""
    shot, title, listen = _shot(part, system), f"{part.name}, {system.title}", workshop.listen
    if missing := len(search.missing):
        listen(ShotStarted(shot, title, part.caption, part.start, part.duration, missing))
    takes = complete(
        search,
        workshop.asked(system, part),
        workshop.shelf,
        lambda step, steps: listen(StepDone(shot, step, steps)),
    )
    done = tuple(DoneTake(one.sound, one.seed, one.score, one.reused) for one in takes.takes)
    listen(ShotDone(shot, title, part.caption, done, ()))
    return takes


def _own(part: Excerpt, shelf: Store) -> Path:
    """The excerpt's own sound, in the form that the takes have."""
    inputs: Mapping[str, JSON] = {
        "own sound of": store.fingerprint(part.source.path),
        "start": str(part.start),
        "duration": str(part.duration),
        "form": [SAMPLE_RATE, BITS],
    }
    key = store.key(inputs)
    found = shelf.find(key)
    if found is None or found.sound is None:
        sound = own_sound(part, SAMPLE_RATE)[None]
        found = shelf.publish(
            key,
            f"{OWN} {part.source.path.stem}",
            ".wav",
            lambda path: write_audio(path, sound, SAMPLE_RATE, bits=BITS),
            {"clip": part.name, **inputs},
        )
    assert found.sound is not None
    return found.sound


def _plan(
    parts: Sequence[Excerpt | Failed],
    searches: Sequence[Searches | Failed],
    source: Path,
    workshop: Workshop,
) -> Planned:
    shots = tuple(
        PlannedShot(
            id=_shot(part, system),
            caption=part.caption,
            clip=part.name,
            track=system.title,
            marker=source.name,
            start=part.start,
            duration=part.duration,
            found=len(found[system.id].found),
            problem=None,
        )
        for part, found in zip(parts, searches, strict=True)
        for system in workshop.compared
        if isinstance(part, Excerpt) and not isinstance(found, Failed)
    )
    return Planned(source, workshop.shelf.root, workshop.studio.options.takes, shots, ())


def _shot(part: Excerpt, system: System) -> str:
    return f"{part.name}/{system.id}"
