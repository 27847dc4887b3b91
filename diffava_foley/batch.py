"""A whole timeline: every captioned shot gets its foley, in a new timeline beside the takes.

The only room that knows both timelines and the pipeline. Takes are kept in a folder next to the new
timeline, ``cut-foley.otio`` beside ``cut-foley.takes/``, so that both can be moved together.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from diffava_foley.errors import FoleyError, MissingMedia, OutputError, TimelineError, WeightsError
from diffava_foley.events import (
    DoneTake,
    Finished,
    Listener,
    PassedOver,
    Planned,
    PlannedShot,
    ShotDone,
    ShotFailed,
    ShotStarted,
    StepDone,
    ignore,
)
from diffava_foley.media.forms import Form
from diffava_foley.orders import request_of
from diffava_foley.outputs import (
    check_output,
    check_stem,
    remember_output,
    remember_stem,
    stem_file,
    takes_folder,
)
from diffava_foley.rendering import RenderOptions, Slate
from diffava_foley.stems import write_stem
from diffava_foley.store import Store
from diffava_foley.studio import Studio
from diffava_foley.takes import Search, StoredTake, complete, look_up
from diffava_foley.timeline import read, write
from diffava_foley.timeline.cue_sheet import check_cue_sheet, cue_sheet, write_cue_sheet
from diffava_foley.timeline.shots import Plan, ReadOptions, Shot
from diffava_foley.timeline.write import FoleyClip, TakeFile

logger = logging.getLogger(__name__)

FOR_ALL_SHOTS = (WeightsError, OutputError)
"""Failures that the next shot would meet again, so that the batch ends."""


@dataclass(frozen=True)
class BatchOptions:
    """Which shots, how they sound, where they go."""

    reading: ReadOptions = field(default_factory=ReadOptions)
    rendering: RenderOptions = field(default_factory=RenderOptions)
    track_name: str = "Foley"
    overwrite: bool = False
    """replace an output that somebody else made or changed"""
    name: str | None = None
    """what the sound files are called (see ``naming``); by their captions and keys if None"""
    stem: bool = False
    """also write one sound of the whole track"""
    cue_sheet: Path | None = None
    """where to write which take lies where, for scripts inside editors: .json or .lua"""


@dataclass(frozen=True)
class ShotTakes:
    """A shot with its takes, best first."""

    shot: Shot
    slate: Slate
    takes: tuple[StoredTake, ...]


def survey(timeline: Path, output: Path, options: BatchOptions) -> Planned:
    """What ``render`` would do. Makes, downloads and loads nothing, and needs no torch."""
    cut = read.read(timeline, options.reading)
    studio = Studio(replace(options.rendering, offline=True), ignore)
    shelf = Store(takes_folder(output))
    searches: tuple[Search | FoleyError | None, ...]
    try:
        searches = tuple(_search(shot, cut, studio, shelf, options) for shot in cut.shots)
    except WeightsError:  # not here yet: which takes there are is known only with the weights
        searches = tuple(_problem(shot) for shot in cut.shots)
    return _planned(cut, output, options, searches)


def render(
    timeline: Path, output: Path, options: BatchOptions, listen: Listener = ignore
) -> Finished:
    """What was made: a new timeline with foley under every captioned shot, and its takes.

    Takes of an earlier run are found again. A shot that cannot be made is told in the result and
    does not stop the others; when none can be made, no timeline is written.
    """
    cut = read.read(timeline, options.reading)
    check_output(timeline, output, options.overwrite)
    stem = stem_file(output, options.rendering.suffix) if options.stem else None
    if stem is not None:
        check_stem(stem, output, options.overwrite)
    if options.cue_sheet is not None:
        check_cue_sheet(options.cue_sheet)
    _check_captions(cut)
    studio, shelf = Studio(options.rendering, listen), Store(takes_folder(output))
    searches = tuple(_search(shot, cut, studio, shelf, options) for shot in cut.shots)
    listen(_planned(cut, output, options, searches))
    outcomes = [
        _outcome(shot, search, studio, shelf, listen)
        for shot, search in zip(cut.shots, searches, strict=True)
    ]
    done = [outcome for outcome in outcomes if isinstance(outcome, ShotTakes)]
    if done:
        _write(cut, output, done, options)
    if done and stem is not None:
        best = [(one.shot, one.slate, one.takes[0]) for one in done]
        write_stem(stem, cut, best, options.track_name, options.rendering.form)
        remember_stem(stem, output)
    result = _finished(cut, output if done else None, outcomes, stem if done else None)
    listen(result)
    return result


def _check_captions(cut: Plan) -> None:
    if not cut.shots:
        raise TimelineError(
            f"{cut.path}: no caption was found; mark each clip with a few words on what is to be"
            " heard, and see --dry-run for what was passed over"
        )


def _search(
    shot: Shot, cut: Plan, studio: Studio, shelf: Store, options: BatchOptions
) -> Search | FoleyError:
    """The shot's takes as the store has them, or why it can have none."""
    problem = _problem(shot)
    if problem or shot.source is None:
        return problem or MissingMedia(f"{shot.clip}: its media is missing; see --media-root")
    try:
        return look_up(request_of(shot, cut, options.rendering, options.name), studio, shelf)
    except FOR_ALL_SHOTS:
        raise
    except FoleyError as error:
        return error


def _problem(shot: Shot) -> FoleyError | None:
    return FoleyError(shot.problem) if shot.problem is not None else None


def _outcome(
    shot: Shot, search: Search | FoleyError, studio: Studio, shelf: Store, listen: Listener
) -> ShotTakes | ShotFailed:
    """The shot's takes, or why it has none: the one place where a failure does not go on."""
    try:
        if isinstance(search, FoleyError):
            raise search
        return _make(shot, search, studio, shelf, listen)
    except FOR_ALL_SHOTS:
        raise
    except FoleyError as error:
        reason = str(error)
    except Exception as error:
        logger.debug("%s failed", shot.id, exc_info=True)
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
    failed = ShotFailed(shot.id, shot.clip, shot.caption, reason)
    listen(failed)
    return failed


def _make(shot: Shot, search: Search, studio: Studio, shelf: Store, listen: Listener) -> ShotTakes:
    if search.missing:
        missing = len(search.missing)
        listen(ShotStarted(shot.id, shot.clip, shot.caption, shot.start, shot.duration, missing))
    made = complete(
        search, studio, shelf, lambda step, steps: listen(StepDone(shot.id, step, steps))
    )
    takes = tuple(DoneTake(t.sound, t.seed, t.score, t.reused) for t in made.takes)
    slate = search.request.slate
    told = (shot.id, shot.clip, shot.caption, takes, made.warnings, slate.head, slate.tail)
    listen(ShotDone(*told))
    return ShotTakes(shot, slate, made.takes)


def _write(cut: Plan, output: Path, done: Sequence[ShotTakes], options: BatchOptions) -> None:
    form = options.rendering.form
    clips = [_foley_clip(shot_takes, form) for shot_takes in done]
    write.write(
        cut.path,
        output,
        clips,
        track_name=options.track_name,
        overwrite=True,
        fps=options.reading.fps,
    )
    remember_output(output)
    if options.cue_sheet is not None:
        sheet = cue_sheet(cut.name, cut.rate, output, clips, options.track_name)
        write_cue_sheet(options.cue_sheet, sheet)


def _foley_clip(done: ShotTakes, form: Form) -> FoleyClip:
    shot, slate = done.shot, done.slate
    takes = tuple(
        TakeFile(t.sound, t.caption, t.seed, t.settings, t.weights, t.licence, t.score)
        for t in done.takes
    )
    return FoleyClip(
        *(shot.id, shot.caption, shot.start, shot.duration, takes),
        head=slate.head,
        tail=slate.tail,
        timecode=slate.moment if form.suffix == ".wav" else Fraction(0),
    )


def _planned(
    cut: Plan,
    output: Path,
    options: BatchOptions,
    searches: Sequence[Search | FoleyError | None],
) -> Planned:
    shots = tuple(
        PlannedShot(
            id=shot.id,
            caption=shot.caption,
            clip=shot.clip,
            track=shot.track,
            marker=shot.marker,
            start=shot.start,
            duration=shot.duration,
            found=len(search.found) if isinstance(search, Search) else None,
            problem=str(search) if isinstance(search, FoleyError) else None,
        )
        for shot, search in zip(cut.shots, searches, strict=True)
    )
    return Planned(cut.path, output, options.rendering.takes, shots, _passed_over(cut))


def _finished(
    cut: Plan,
    output: Path | None,
    outcomes: Sequence[ShotTakes | ShotFailed],
    stem: Path | None,
) -> Finished:
    takes = [take for done in outcomes if isinstance(done, ShotTakes) for take in done.takes]
    reused = sum(take.reused for take in takes)
    failed = tuple(outcome for outcome in outcomes if isinstance(outcome, ShotFailed))
    return Finished(output, len(takes) - reused, reused, failed, _passed_over(cut), stem)


def _passed_over(cut: Plan) -> tuple[PassedOver, ...]:
    return tuple(
        PassedOver(clip.clip, clip.track, clip.start, clip.duration, clip.reason)
        for clip in cut.skipped
    )
