"""A timeline file to a plan of its shots."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TypeVar

from opentimelineio.schema import Clip, Gap, Timeline

from diffava_foley.errors import FoleyError, TimelineError
from diffava_foley.timeline import times
from diffava_foley.timeline.bundles import Bundle, default_unpacking_folder
from diffava_foley.timeline.cues import Cue, Lost, find_cues
from diffava_foley.timeline.documents import Document, open_document, suffixes
from diffava_foley.timeline.footage import footage_of, media_length
from diffava_foley.timeline.links import MediaFolder
from diffava_foley.timeline.marks import Choice
from diffava_foley.timeline.placements import (
    DEFAULT_RATE,
    Placement,
    lay_out,
    nominal_rate,
)
from diffava_foley.timeline.references import Library
from diffava_foley.timeline.retime import Retime, speed_of
from diffava_foley.timeline.shots import Plan, ReadOptions, Shot, Skipped

__all__ = ["read", "suffixes"]

Record = TypeVar("Record", Shot, Skipped)


def read(path: Path, options: ReadOptions | None = None) -> Plan:
    """The shots of a timeline, and what was passed over and why; one bad clip stops nothing."""
    options = options or ReadOptions()
    document = open_document(path, options.fps)
    timeline = document.timeline()  # kept to the end: its clips do not keep it
    library = _library(document, options)
    layout = lay_out(timeline, lambda clip: media_length(clip, library))
    choice = Choice(options.marker_prefix, options.marker_colours)
    cues, lost = find_cues(timeline, layout, choice)
    planner = _Planner(library, timeline_rate(timeline), options.only)
    found = [
        record
        for index, placement in enumerate(layout.placements)
        for record in planner.records(placement, cues.get(index, ()))
    ]
    return Plan(
        path=path,
        name=timeline.name or path.stem,
        rate=planner.rate,
        timecode=start_of(timeline),
        duration=layout.length_of(timeline.tracks),
        shots=_in_order(record for record in found if isinstance(record, Shot)),
        skipped=_in_order(
            [r for r in found if isinstance(r, Skipped)] + [_unheard(one) for one in lost]
        ),
    )


def timeline_rate(timeline: Timeline) -> Fraction:
    """The frame rate of a timeline: that of its start timecode, or of its first video item."""
    start = timeline.global_start_time
    if start is not None and start.rate > 0:
        return times.rate_of(start)
    return next(filter(None, map(nominal_rate, timeline.video_tracks())), DEFAULT_RATE)


def start_of(timeline: Timeline) -> Fraction:
    """What the clock of a timeline shows at its start, in true seconds since midnight."""
    start = timeline.global_start_time
    return max(times.seconds(start), Fraction(0)) if start is not None else Fraction(0)


@dataclass(frozen=True)
class _Planner:
    """Makes shots of placements and their cues."""

    library: Library
    rate: Fraction
    only: str | None

    def records(self, placement: Placement, cues: tuple[Cue, ...]) -> Iterator[Shot | Skipped]:
        """The shots of a clip, or why it has none."""
        item = placement.item
        if isinstance(item, Gap):
            return
        if not isinstance(item, Clip):
            no_picture = f"a {type(item).__name__} has no picture"
            yield _skipped(placement, placement.obstacle or no_picture)
            return
        if reason := self._reason_to_skip(placement, cues):
            yield _skipped(placement, reason)
            return
        for number, cue in enumerate(cues, 1):
            id = placement.id if len(cues) == 1 else f"{placement.id}/{number}"
            if _matches(self.only, item.name, cue.caption):
                yield self._shot(id, placement, cue)
            else:
                yield _skipped(placement, f"“{cue.caption}” is not among those asked for")

    def _reason_to_skip(self, placement: Placement, cues: tuple[Cue, ...]) -> str | None:
        if placement.obstacle and not (cues and placement.length):
            return placement.obstacle
        if placement.start >= placement.end:
            return "it is zero frames long" if not placement.length else "it is trimmed away"
        if not cues:
            return _why_no_caption(placement.item)
        return placement.obstacle or _unreadable_speed(placement.item)

    def _shot(self, id: str, placement: Placement, cue: Cue) -> Shot:
        clip, source, retime, problem = placement.item, None, None, None
        try:
            footage = footage_of(clip, self.library)
            source = footage.source
            rate = nominal_rate(clip) or footage.rate
            retime = Retime(
                begin=cue.start,
                nests=placement.view.nests,
                origin=placement.origin,
                rate=rate,
                frames=max(1, ceil(times.tidy(placement.length * rate))),
                start=footage.start,
                media_rate=footage.rate,
                speed=speed_of(clip.effects),
                last=footage.last,
            )
        except FoleyError as error:
            problem = str(error)
        return Shot(
            id=id,
            caption=cue.caption,
            clip=clip.name or id,
            track=placement.track,
            start=cue.start,
            duration=cue.end - cue.start,
            rate=self.rate,
            source=source,
            retime=retime,
            marker=cue.marker,
            problem=problem,
        )


def _library(document: Document, options: ReadOptions) -> Library:
    root = MediaFolder(options.media_root) if options.media_root else None
    if root and not root.root.is_dir():
        raise TimelineError(f"{root.root}: no such folder; check --media-root")
    archive = document.archive
    unpack_to = options.unpack_to or default_unpacking_folder()
    return Library(document.folder, root, Bundle(archive, unpack_to) if archive else None)


def _skipped(placement: Placement, reason: str) -> Skipped:
    name = placement.item.name or placement.id
    duration = placement.end - placement.start
    return Skipped(name, placement.track, placement.start, duration, reason)


def _unheard(lost: Lost) -> Skipped:
    reason = f"“{lost.caption}” ({lost.marker}): {lost.reason}"
    return Skipped("", lost.track, lost.start, lost.end - lost.start, reason)


def _why_no_caption(clip: Clip) -> str:
    if not clip.markers:
        return "no caption: it has no marker"
    return "no caption: none of its markers has a text that counts"


def _unreadable_speed(clip: Clip) -> str | None:
    try:
        speed_of(clip.effects)
    except TimelineError as error:
        return str(error)
    return None


def _matches(only: str | None, *texts: str) -> bool:
    if not only:
        return True
    wanted = only.casefold()
    pattern = wanted if any(sign in wanted for sign in "*?[") else f"*{wanted}*"
    return any(fnmatchcase((text or "").casefold(), pattern) for text in texts)


def _in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.start))
