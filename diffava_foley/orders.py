"""What a shot of a timeline asks for: its picture with handles, its words, its slate."""

from math import floor

from diffava_foley.errors import MissingMedia
from diffava_foley.naming import file_name
from diffava_foley.rendering import Picture, RenderOptions, Request, Slate
from diffava_foley.timeline.shots import Plan, Shot


def request_of(shot: Shot, cut: Plan, options: RenderOptions, template: str | None) -> Request:
    """The shot with as much of its handles as there is picture, and timecode before it, for."""
    if shot.source is None:
        raise MissingMedia(f"{shot.clip}: its media is missing; see --media-root")
    head, tail = shot.handles(options.handles.frames(shot.rate))
    head = min(head, floor((cut.timecode + shot.start) * shot.rate) / shot.rate)
    longer = shot.extended(head, tail)
    picture = Picture(shot.source, longer.duration, longer.media_moments)
    names = _names(shot, cut, options, template) if template else ()
    return Request(picture, shot.caption, Slate(cut.timecode + longer.start, head, tail, names))


def _names(shot: Shot, cut: Plan, options: RenderOptions, template: str) -> tuple[str, ...]:
    """The name of each take's file, by its number in the order of the seeds."""
    fields = {
        "timeline": cut.name,
        "track": shot.track,
        "clip": shot.clip,
        "caption": shot.caption,
        "shot": shot.id,
    }
    return tuple(
        file_name(template, {**fields, "take": number + 1, "seed": options.seed + number})
        for number in range(options.takes)
    )
