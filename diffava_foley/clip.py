"""One clip: a movie and a caption become sound files, the best take first."""

import logging
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

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
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import MovieSource, Source, source_from_path
from diffava_foley.outputs import check_folder
from diffava_foley.rendering import Picture, RenderOptions, Request
from diffava_foley.studio import Studio
from diffava_foley.takes import deliver

if TYPE_CHECKING:
    from diffava_foley.pipeline import Take

logger = logging.getLogger(__name__)

SHOT = "clip"
"""the id of the only shot there is"""


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
    request = Request(_picture(source, start, end), caption)
    _check_copy(source, start, end, options)
    takes = _make(request, clip, options.rendering, listen)
    files = paths[: len(takes)]
    for take, path in zip(takes, files, strict=True):
        deliver(take, request.picture.duration, options.rendering, path, options.overwrite)
    if options.mux:
        until = None if options.end is None else end
        mux.mux(clip, files[0], options.mux, start=start, end=until, overwrite=options.overwrite)
    done = _done(takes, files, clip)
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
    request: Request, clip: Path, options: RenderOptions, listen: Listener
) -> "tuple[Take, ...]":
    studio = Studio(options, listen)
    logger.info("%s: %d takes with weights %s", clip, options.takes, studio.weights.id)
    duration = request.picture.duration
    listen(ShotStarted(SHOT, clip.name, request.caption, Fraction(0), duration, options.takes))
    seeds = range(options.seed, options.seed + options.takes)
    return studio.make(request, seeds, lambda step, steps: listen(StepDone(SHOT, step, steps)))


def _done(takes: "tuple[Take, ...]", files: tuple[Path, ...], clip: Path) -> ShotDone:
    done = tuple(
        DoneTake(path, take.seed, take.score, reused=False)
        for take, path in zip(takes, files, strict=True)
    )
    return ShotDone(SHOT, clip.name, takes[0].caption, done, takes[0].warnings)


def _picture(source: Source, start: Fraction, end: Fraction) -> Picture:
    return Picture(source, end - start, lambda moments: tuple(start + m for m in moments))


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
    mux.find_cut(source.path, start, end)


def _check_free(path: Path, clip: Path, overwrite: bool) -> None:
    """Refuses, before any work, a file that is there already or could not be written."""
    if path.exists() and clip.exists() and path.samefile(clip):
        raise OutputError(f"{path}: this is the clip itself, which is kept; choose another name")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: it exists already; choose another name or add --overwrite")
    check_folder(path)
