"""A plan's takes to a new timeline: the old one as it was, and foley tracks under its pictures.

The old timeline's own JSON is written again with tracks added, so nothing of it is lost or renewed.
The tracks have the form that DaVinci Resolve takes back: every clip with its media references by
key, each with an available range that holds the source range, and plain paths.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Timeline, Track

from diffava_foley.errors import OutputError, TimelineError
from diffava_foley.store import JSON
from diffava_foley.timeline.delivery import deliver
from diffava_foley.timeline.documents import Document, open_document, timeline_in
from diffava_foley.timeline.placements import rated_time
from diffava_foley.timeline.schemas import Schema
from diffava_foley.timeline.times import rate_of

OURS = "diffava_foley"
"""The key of our metadata."""
BEST = Clip.DEFAULT_MEDIA_KEY
DEFAULT_RATE = RationalTime(0, 24)


@dataclass(frozen=True)
class TakeFile:
    """A take in a file, and what made it."""

    path: Path
    caption: str
    seed: int
    settings: Mapping[str, JSON]
    weights: str
    licence: str
    score: float | None


@dataclass(frozen=True)
class FoleyClip:
    """The takes of one shot and where they belong on the timeline."""

    shot_id: str
    name: str
    start: Fraction
    """Seconds from the start of the timeline."""
    duration: Fraction
    """Seconds."""
    takes: tuple[TakeFile, ...]
    """The best first."""
    head: Fraction = Fraction(0)
    """Seconds that the files are longer before the clip, to be trimmed into."""
    tail: Fraction = Fraction(0)
    """The same after the clip."""
    timecode: Fraction = Fraction(0)
    """Of the files' first sample, in seconds; 0 where they carry none."""


def write(
    source: Path,
    output: Path,
    clips: Sequence[FoleyClip],
    *,
    track_name: str = "Foley",
    overwrite: bool = False,
    fps: Fraction | None = None,
) -> None:
    """Write the timeline in ``source`` with foley tracks added as a new file ``output``.

    Foley tracks of ours from an earlier run are replaced. ``.otioz`` and ``.otiod`` carry the media
    that is on this machine; other endings are left to the adapters of OpenTimelineIO. ``fps`` is
    the rate of an EDL.
    """
    if output.exists() and output.samefile(source):
        raise OutputError(f"{output}: this is the timeline itself, which is kept; choose another")
    document = open_document(source, fps)
    rate = _frame_rate(document.timeline())
    content = without_ours(document.content)
    tracks = foley_tracks(clips, track_name, rate, output.absolute().parent)
    _tracks_in(content).extend(_as_json(track) for track in tracks)
    new = Document(source, content)
    new.timeline()  # what cannot be read again is not written
    deliver(new, output, overwrite=overwrite)


def without_ours(content: Schema) -> Schema:
    """A copy of a document, as a timeline, without foley tracks of ours."""
    copy: Schema = json.loads(json.dumps(content))
    if timeline_in(copy) is None:
        copy = _wrapped(copy)
    tracks = _tracks_in(copy)
    tracks[:] = [track for track in tracks if not _is_ours(track)]
    return copy


def foley_tracks(
    clips: Iterable[FoleyClip], name: str, rate: RationalTime, folder: Path
) -> Iterator[Track]:
    """Audio tracks that hold the clips, each at its time; overlapping ones on further tracks."""
    placed = lanes(clips)
    for number, lane in enumerate(placed, 1):
        track = Track(name=track_names(name, len(placed))[number - 1], kind="Audio")
        track.metadata[OURS] = {"track": number}
        cursor = Fraction(0)
        for clip in lane:
            if clip.start > cursor:
                track.append(Gap(source_range=_span(clip.start - cursor, rate)))
            track.append(_foley_clip(clip, rate, folder))
            cursor = clip.start + clip.duration
        yield track


def track_names(name: str, count: int) -> list[str]:
    """The names of that many foley tracks: Foley, Foley 2, Foley 3."""
    return [name if number == 1 else f"{name} {number}" for number in range(1, count + 1)]


def lanes(clips: Iterable[FoleyClip]) -> list[list[FoleyClip]]:
    """The clips by the track they go on, in the order of time, none overlapping another."""
    lanes: list[list[FoleyClip]] = []
    for clip in sorted(clips, key=lambda clip: (clip.start, clip.start + clip.duration)):
        if clip.duration <= 0 or not clip.takes:
            raise OutputError(f"{clip.name}: a foley clip needs a length and a take")
        free = (lane for lane in lanes if lane[-1].start + lane[-1].duration <= clip.start)
        lane = next(free, None)
        if lane is None:
            lanes.append([clip])
        else:
            lane.append(clip)
    return lanes


def _foley_clip(clip: FoleyClip, rate: RationalTime, folder: Path) -> Clip:
    references = {
        BEST if number == 1 else f"Take {number}": _reference(clip, take, rate, folder)
        for number, take in enumerate(clip.takes, 1)
    }
    heard = _span(clip.duration, rate, clip.timecode + clip.head)
    made = Clip(name=clip.name, source_range=heard)
    made.set_media_references(references, BEST)
    made.metadata[OURS] = {"shot": clip.shot_id, **_origin(clip.takes[0])}
    return made


def _reference(
    clip: FoleyClip, take: TakeFile, rate: RationalTime, folder: Path
) -> ExternalReference:
    there = _span(clip.head + clip.duration + clip.tail, rate, clip.timecode)
    reference = ExternalReference(link_to(take.path, folder), there)
    reference.name = take.path.stem
    reference.metadata[OURS] = _origin(take)
    return reference


def _origin(take: TakeFile) -> dict[str, Any]:
    """What made a take, for its metadata."""
    return {
        "caption": take.caption,
        "seed": take.seed,
        "settings": json.loads(json.dumps(take.settings, default=dict)),
        "weights": take.weights,
        "licence": take.licence,
        "score": take.score,
    }


def link_to(path: Path, folder: Path) -> str:
    """A plain path to a file: relative to the timeline's folder if it lies in it, else absolute."""
    path = path.absolute()
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return os.fspath(path)


def _span(duration: Fraction, rate: RationalTime, start: Fraction = Fraction(0)) -> TimeRange:
    """A range of seconds, in frames of the timeline as its own items count them."""
    first, count = (float(seconds * rate_of(rate)) for seconds in (start, duration))
    return TimeRange(RationalTime(first, rate.rate), RationalTime(count, rate.rate))


def _frame_rate(timeline: Timeline) -> RationalTime:
    """A time at the rate of the timeline's first picture, as it is written there."""
    for track in timeline.video_tracks():
        if (rated := rated_time(track)) is not None:
            return rated
    start = timeline.global_start_time
    return start if start is not None and start.rate > 0 else DEFAULT_RATE


def _as_json(track: Track) -> Schema:
    content: Schema = json.loads(track.to_json_string())
    return content


def _tracks_in(content: Schema) -> list[Any]:
    """The tracks of the timeline in a document, to be added to."""
    timeline = timeline_in(content)
    if timeline is None or not isinstance(timeline.get("tracks"), dict):
        raise TimelineError("this timeline has no tracks; export it again")
    tracks: list[Any] = timeline["tracks"].setdefault("children", [])
    return tracks


def _is_ours(child: object) -> bool:
    metadata = child.get("metadata") if isinstance(child, dict) else None
    return isinstance(metadata, dict) and OURS in metadata


def _wrapped(part: Schema) -> Schema:
    """A timeline around a part of one: a stack, a track or a clip."""
    timeline = Timeline(name=str(part.get("name") or ""))
    if not part["OTIO_SCHEMA"].startswith(("Stack.", "Track.", "Sequence.")):
        timeline.tracks.append(Track(kind="Video"))
    content: Schema = json.loads(timeline.to_json_string())
    if part["OTIO_SCHEMA"].startswith("Stack."):
        content["tracks"] = part
    elif content["tracks"]["children"]:
        content["tracks"]["children"][0]["children"] = [part]
    else:
        content["tracks"]["children"] = [part]
    return content
