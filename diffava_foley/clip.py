"""One clip: a movie and a caption become sound files, the best take first."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from diffava_foley.delivery import Raw, deliver, delivery_key, shortfall
from diffava_foley.errors import MediaError, OutputError
from diffava_foley.events import (
    DoneTake,
    Finished,
    Listener,
    ShotDone,
    ShotStarted,
    StepDone,
    ignore,
)
from diffava_foley.media import mux
from diffava_foley.media.broadcast import now
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import MovieSource, Source, source_from_path
from diffava_foley.outputs import check_folder
from diffava_foley.rendering import Picture, RenderOptions, Request, Slate
from diffava_foley.studio import Studio
from diffava_foley.takes import take_keys

if TYPE_CHECKING:
    from diffava_foley.pipeline import Take

logger = logging.getLogger(__name__)

SHOT = "clip"
"""the id of the only shot there is"""
STILL_RATE = Fraction(24)
HELD = Fraction(86_400)
"""seconds that a still can be held for: all that anybody asks for"""


@dataclass(frozen=True)
class ClipOptions:
    """Which part of the clip, how it sounds, where it goes."""

    rendering: RenderOptions = field(default_factory=RenderOptions)
    start: Fraction = Fraction(0)
    """seconds from the clip's first frame"""
    end: Fraction | None = None
    """seconds from the clip's first frame; None is its end"""
    mux: Path | None = None
    """a copy of the movie with the best take as its sound"""
    overwrite: bool = False


def render(
    clip: Path, caption: str, output: Path, options: ClipOptions, listen: Listener = ignore
) -> tuple[DoneTake, ...]:
    """The takes that were made: the best one at ``output``, the others numbered beside it."""
    paths = numbered(output, options.rendering.takes)
    for path in (*paths, *([options.mux] if options.mux else [])):
        _check_free(path, clip, options.overwrite)
    source = source_from_path(clip)
    start, end = _stretch(source, clip, options)
    request = _request(source, caption, start, end, options.rendering)
    _check_copy(source, start, end, options)
    studio = Studio(options.rendering, listen)
    takes = _make(request, clip, end - start, studio, listen)
    files = paths[: len(takes)]
    warnings = _deliver(takes, files, request, studio, options.overwrite)
    if options.mux:
        until = None if options.end is None else end
        mux.mux(clip, files[0], options.mux, start=start, end=until, overwrite=options.overwrite)
    done = _done(takes, files, clip, request, warnings)
    listen(done)
    listen(Finished(output, made=len(takes), reused=0, failed=(), passed_over=()))
    return done.takes


def default_output(clip: Path, suffix: str) -> Path:
    """Where the sound goes unless told otherwise: the current folder."""
    return Path(f"{clip.stem}-foley{suffix}")


def numbered(output: Path, takes: int) -> tuple[Path, ...]:
    """The files of so many takes: ``door.wav``, ``door-2.wav`` and so on."""
    others = (output.with_name(f"{output.stem}-{n}{output.suffix}") for n in range(2, takes + 1))
    return (output, *others)


def _make(
    request: Request, clip: Path, duration: Fraction, studio: Studio, listen: Listener
) -> "tuple[Take, ...]":
    options = studio.options
    logger.info("%s: %d takes with weights %s", clip, options.takes, studio.weights.id)
    listen(ShotStarted(SHOT, clip.name, request.caption, Fraction(0), duration, options.takes))
    seeds = range(options.seed, options.seed + options.takes)
    return studio.make(request, seeds, lambda step, steps: listen(StepDone(SHOT, step, steps)))


def _deliver(
    takes: "Sequence[Take]",
    files: Sequence[Path],
    request: Request,
    studio: Studio,
    overwrite: bool,
) -> tuple[str, ...]:
    """What to know of the takes, after writing each to its file."""
    keys, form, made = take_keys(request, studio), studio.options.form, now()
    warnings = list(takes[0].warnings)
    for take, path in zip(takes, files, strict=True):
        reference = delivery_key(keys[take.seed], request, form, None)
        raw = Raw(take.samples, take.sample_rate, made)
        told = shortfall(form, deliver(raw, request, form, path, reference, overwrite))
        warnings += [f"{path.name}: {told}"] if told else []
    return tuple(warnings)


def _done(
    takes: "Sequence[Take]",
    files: Sequence[Path],
    clip: Path,
    request: Request,
    warnings: tuple[str, ...],
) -> ShotDone:
    done = tuple(
        DoneTake(path, take.seed, take.score, reused=False)
        for take, path in zip(takes, files, strict=True)
    )
    slate = request.slate
    return ShotDone(SHOT, clip.name, request.caption, done, warnings, slate.head, slate.tail)


def _request(
    source: Source, caption: str, start: Fraction, end: Fraction, options: RenderOptions
) -> Request:
    """The stretch of the clip with as much of its handles as there is picture for."""
    info = probe(source)
    rate = info.frame_rate or STILL_RATE
    asked = options.handles.frames(rate)
    room = (start, info.duration - end) if info.duration is not None else (HELD, HELD)
    head, tail = (min(asked, floor(seconds * rate)) / rate for seconds in room)
    first = start - head
    picture = Picture(source, end + tail - first, lambda moments: tuple(first + m for m in moments))
    moment = (info.timecode_seconds or Fraction(0)) + first
    return Request(picture, caption, Slate(moment, head, tail))


def _stretch(source: Source, clip: Path, options: ClipOptions) -> tuple[Fraction, Fraction]:
    """The part of the clip that gets a sound, checked against what there is of it."""
    length = probe(source).duration
    end = options.end if options.end is not None else length
    if end is None:
        raise MediaError(f"{clip}: this picture has no length of its own; give --end")
    if length is not None and end > length:
        logger.warning("%s ends at %.3f s; --end is cut back to it", clip, length)
        end = length
    if end <= options.start:
        raise MediaError(
            f"{clip}: no picture from {float(options.start):g} s to {float(end):g} s;"
            " check --start and --end"
        )
    return options.start, end


def _check_copy(source: Source, start: Fraction, end: Fraction, options: ClipOptions) -> None:
    """Refuses, before any work, a copy of the movie that cannot be made."""
    if options.mux is None:
        return
    if not isinstance(source, MovieSource):
        raise OutputError(f"{options.mux}: only a movie can be copied with a new sound")
    if options.mux.suffix.lower() not in mux.WRAPPINGS:
        raise OutputError(f"{options.mux}: cannot be a movie; use {', '.join(mux.WRAPPINGS)}")
    if options.rendering.handles.amount:
        raise OutputError(f"{options.mux}: a movie's new sound has no handles; leave one of both")
    mux.find_cut(source.path, start, end)


def _check_free(path: Path, clip: Path, overwrite: bool) -> None:
    """Refuses, before any work, a file that is there already or could not be written."""
    if path.exists() and clip.exists() and path.samefile(clip):
        raise OutputError(f"{path}: this is the clip itself, which is kept; choose another name")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: it exists already; choose another name or add --overwrite")
    check_folder(path)
