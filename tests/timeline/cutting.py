"""Timelines cut in a test, in few words: ``cut(clip("a", span(0, 24), [marker("rain", 3)]))``."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Marker, Stack, Timeline, Track

from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import Plan, ReadOptions

FILM = Fraction(24000, 1001)


def span(start: float, length: float, rate: float = 24) -> TimeRange:
    """A range in frames."""
    return TimeRange(RationalTime(start, rate), RationalTime(length, rate))


def marker(text: str, start: float = 0, length: float = 1, rate: float = 24, **fields) -> Marker:
    """A marker with its text in the comment."""
    return Marker(fields.pop("name", ""), span(start, length, rate), comment=text, **fields)


def clip(
    name: str = "a",
    source: TimeRange | None = None,
    markers: Sequence[Marker] = (),
    available: TimeRange | None = None,
    effects: Sequence[otio.schema.Effect] = (),
    url: str | None = None,
) -> Clip:
    """A clip of ``a.mov``, of which there are a hundred frames unless said otherwise."""
    available = available or span(0, 100, source.duration.rate if source else 24)
    reference = ExternalReference(url or f"{name}.mov", available)
    return Clip(name, reference, source, markers=list(markers), effects=list(effects))


def gap(length: float, markers: Sequence[Marker] = (), rate: float = 24) -> Gap:
    """A gap in frames."""
    return Gap(source_range=span(0, length, rate), markers=list(markers))


def speed(scalar: float) -> otio.schema.LinearTimeWarp:
    """A constant speed."""
    return otio.schema.LinearTimeWarp(time_scalar=scalar)


def track(*items, name: str = "V1", markers: Sequence[Marker] = (), **fields) -> Track:
    """A video track."""
    made = Track(name, list(items), kind=fields.pop("kind", "Video"), **fields)
    made.markers.extend(markers)
    return made


def cut(*tracks, markers: Sequence[Marker] = (), timecode: RationalTime | None = None) -> Timeline:
    """A timeline of tracks; items that are none go into one."""
    if tracks and not isinstance(tracks[0], Track):
        tracks = (track(*tracks),)
    timeline = Timeline("cut", global_start_time=timecode)
    timeline.tracks.extend(tracks)
    timeline.tracks.markers.extend(markers)
    return timeline


def stack(*items, source: TimeRange | None = None, markers=(), effects=()) -> Stack:
    """A nested stack."""
    return Stack("nest", list(items), source, markers=list(markers), effects=list(effects))


def save(timeline: otio.core.SerializableObject, folder: Path, name: str = "cut.otio") -> Path:
    """Write a timeline, and an empty file for every picture that is named by a plain path."""
    path = folder / name
    otio.adapters.write_to_file(timeline, str(path), "otio_json")
    for found in getattr(timeline, "find_clips", list)():
        url = getattr(found.media_reference, "target_url", None)
        if url and "/" not in url and "\\" not in url and ":" not in url:
            (folder / url).touch()
    return path


def plan(timeline: otio.core.SerializableObject, folder: Path, **options) -> Plan:
    """The plan of a timeline whose media is there."""
    return read(save(timeline, folder), ReadOptions(**options))


def shots(plan: Plan) -> list[tuple[str, str, Fraction, Fraction]]:
    """Caption, clip, start and length in frames of every shot."""
    return [(s.caption, s.clip, s.start * plan.rate, s.duration * plan.rate) for s in plan.shots]


def media_frames(shot, rate: Fraction | int = 24) -> list[int]:
    """The media frame on screen in the middle of every frame of a shot."""
    count = round(shot.duration * rate)
    return [shot.retime.media_frame(Fraction(2 * k + 1, 2) / rate) for k in range(count)]
