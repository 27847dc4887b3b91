"""The captioned strips as an OpenTimelineIO timeline, in plain JSON: Blender has no OTIO module.

Frame ``k`` of a strip shows its media's frame ``first + k * step``, rounded down, as the command
rounds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .captions import Cue

JSON = dict[str, Any]

A_LITTLE = Fraction(1, 10**6)
"""Frames, for what floating point may take away from a whole one."""
NTSC = Fraction(1000, 1001)
RATE_TOLERANCE = Fraction(1, 50_000)
NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)(?P<suffix>\D*)")


@dataclass(frozen=True)
class Movie:
    """A movie file."""

    path: str
    rate: Fraction
    """Frames a second."""
    frames: int


@dataclass(frozen=True)
class Images:
    """A still, or images in a numbered row of which each is shown for a frame."""

    folder: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A strip as it is seen on the timeline, and what is to be heard under it."""

    name: str
    media: Movie | Images
    start: int
    """The first frame on the timeline."""
    frames: int
    first: Fraction
    """The media frame that is shown first, from the media's first and not yet rounded down."""
    step: Fraction
    """How many media frames pass with every frame; below zero is backwards."""
    cues: tuple[Cue, ...]

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.frames


def scene_rate(fps: float, base: float) -> Fraction:
    """A scene's frames a second; Blender keeps 1.001 as 1.0010000467300415."""
    return snap(Fraction(fps).limit_denominator(1000) / Fraction(base).limit_denominator(10_000))


def snap(rate: float | Fraction) -> Fraction:
    """The frame rate that was meant: 29.97 is 30000/1001, 25.0 is 25."""
    exact = Fraction(rate)
    near = (Fraction(round(exact)), round(exact / NTSC) * NTSC)
    for meant in near:
        if abs(exact - meant) <= exact * RATE_TOLERANCE:
            return meant
    return exact.limit_denominator(10_000)


def origin_of(pictures: Iterable[Picture]) -> int:
    """The frame at which the cut begins."""
    return min(picture.start for picture in pictures)


def timeline(name: str, rate: Fraction, pictures: Sequence[Picture]) -> JSON:
    """An OpenTimelineIO timeline of the pictures, which begins with the earliest of them."""
    origin = origin_of(pictures)
    tracks = [
        {
            "OTIO_SCHEMA": "Track.1",
            "name": f"V{number}",
            "kind": "Video",
            "children": list(_children(lane, rate, origin)),
        }
        for number, lane in enumerate(_lanes(pictures), 1)
    ]
    stack = {"OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": tracks}
    return {"OTIO_SCHEMA": "Timeline.1", "name": name, "metadata": {}, "tracks": stack}


def _lanes(pictures: Iterable[Picture]) -> list[list[Picture]]:
    """The pictures on as many tracks as overlap."""
    lanes: list[list[Picture]] = []
    for picture in sorted(pictures, key=lambda picture: (picture.start, picture.end)):
        lane = next((lane for lane in lanes if lane[-1].end <= picture.start), None)
        if lane is None:
            lanes.append([picture])
        else:
            lane.append(picture)
    return lanes


def _children(lane: Iterable[Picture], rate: Fraction, origin: int) -> Iterable[JSON]:
    frame = origin
    for picture in lane:
        if picture.start > frame:
            gap = _span(Fraction(0), picture.start - frame, rate)
            yield {"OTIO_SCHEMA": "Gap.1", "source_range": gap}
        yield _clip(picture, rate)
        frame = picture.end


def _clip(picture: Picture, rate: Fraction) -> JSON:
    media_rate = picture.media.rate if isinstance(picture.media, Movie) else rate
    last = picture.first + (picture.frames - 1) * picture.step
    start = (min(picture.first, last) + A_LITTLE) * rate / media_rate
    speed = picture.step * rate / media_rate
    effects = [] if speed == 1 else [_warp(speed)]
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": picture.name,
        "source_range": _span(start, picture.frames, rate),
        "effects": effects,
        "markers": [_marker(cue, start + cue.frame - picture.start, rate) for cue in picture.cues],
        "media_references": {"DEFAULT_MEDIA": _reference(picture.media, rate)},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _warp(speed: Fraction) -> JSON:
    return {
        "OTIO_SCHEMA": "LinearTimeWarp.1",
        "name": "",
        "effect_name": "LinearTimeWarp",
        "time_scalar": float(speed),
    }


def _marker(cue: Cue, at: Fraction, rate: Fraction) -> JSON:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "name": "foley",
        "color": "GREEN",
        "comment": cue.caption,
        "marked_range": _span(at, 1, rate),
    }


def _reference(media: Movie | Images, rate: Fraction) -> JSON:
    if isinstance(media, Movie):
        return _file(media.path, _span(Fraction(0), media.frames, media.rate))
    row = row_of(media.names)
    if row is None:
        return _file(f"{media.folder}/{media.names[0]}", _span(Fraction(0), 1, rate))
    prefix, number, padding, suffix = row
    return {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": media.folder.rstrip("/\\") + "/",
        "name_prefix": prefix,
        "name_suffix": suffix,
        "start_frame": number,
        "frame_step": 1,
        "frame_zero_padding": padding,
        "rate": float(rate),
        "missing_frame_policy": "error",
        "available_range": _span(Fraction(0), len(media.names), rate),
    }


def row_of(names: Sequence[str]) -> tuple[str, int, int, str] | None:
    """Prefix, first number, digits and suffix of names in a numbered row; None if they are none."""
    match = NUMBERED.fullmatch(names[0])
    if match is None or len(names) < 2:
        return None
    prefix, suffix, first = match["prefix"], match["suffix"], int(match["number"])
    padding = len(match["number"])
    row = [f"{prefix}{first + index:0{padding}d}{suffix}" for index in range(len(names))]
    return (prefix, first, padding, suffix) if row == list(names) else None


def _file(path: str, available: JSON) -> JSON:
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": path,
        "available_range": available,
    }


def _span(start: Fraction, frames: int, rate: Fraction) -> JSON:
    """A range that begins at a frame and is some frames long."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(start, rate),
        "duration": _time(Fraction(frames), rate),
    }


def _time(frames: Fraction, rate: Fraction) -> JSON:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
