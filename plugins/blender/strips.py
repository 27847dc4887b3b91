"""The strips of a scene, in every Blender since 4.2, as pictures for the cut.

Blender renamed what is needed here: sequences became strips, and frame_final_start left_handle.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import bpy

from .captions import Choice, Cue, cues_of
from .cut import Images, Movie, Picture, row_of, scene_rate, snap

WITH_PICTURE = ("MOVIE", "IMAGE", "SCENE", "MOVIECLIP")
"""What a marker may stand on; titles, colours and effects lie over pictures."""
CAPTION = "diffava_foley_caption"
"""The property in which a strip's own caption is kept."""
NEAREST = Fraction(1, 2)
"""Frames: of a movie of another rate Blender shows the nearest frame, halves up."""
EVERYWHERE = range(-(10**7), 10**7)
"""More frames than Blender has."""


@dataclass(frozen=True)
class Seen:
    """A strip where the timeline shows it, out of its metas."""

    strip: Any
    start: int
    end: int
    layer: tuple[int, ...]
    """Its channel, after those of the metas around it."""
    chosen: bool
    """Whether it, or a meta around it, is selected."""
    caption: str
    """Its own caption, or else that of a meta around it."""


@dataclass(frozen=True)
class Skipped:
    """A strip that gets no foley, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Look:
    """What there is to make on a timeline."""

    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...]


def active_scene(context: Any) -> Any:
    """The scene whose sequencer is edited; since Blender 5.0 it need not be the window's."""
    return getattr(context, "sequencer_scene", None) or context.scene


def strips_in(holder: Any) -> Any:
    """The strips of a sequence editor or of a meta strip."""
    return holder.strips if hasattr(holder, "strips") else holder.sequences


def all_strips(scene: Any) -> Any:
    """Every strip of a scene, in metas or not."""
    editor = scene.sequence_editor
    if editor is None:
        return ()
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


def start_of(strip: Any) -> int:
    """The first frame at which a strip is seen or heard."""
    return int(_first_of(strip, "left_handle", "frame_final_start"))


def length_of(strip: Any) -> int:
    """How many frames a strip is seen or heard."""
    return int(_first_of(strip, "duration", "frame_final_duration"))


def set_end(strip: Any, frame: int) -> None:
    """Makes a frame the first after a strip."""
    name = "right_handle" if hasattr(strip, "right_handle") else "frame_final_end"
    setattr(strip, name, frame)


def rate_of(scene: Any) -> Fraction:
    """A scene's frames a second."""
    return scene_rate(scene.render.fps, scene.render.fps_base)


def look(scene: Any, choice: Choice, *, only_selected: bool) -> Look:
    """The captioned pictures of a timeline, and the strips that get no foley although asked for."""
    if scene.sequence_editor is None:
        return Look((), ())
    seen = list(_walk(scene.sequence_editor, EVERYWHERE, (), False, ""))
    markers = _markers_under(scene, seen, choice)
    retimers = _retimers(scene)
    lengths: dict[str, int] = {}
    pictures, skipped = [], []
    for one in seen:
        if only_selected and not one.chosen:
            continue
        name = choice.of_name(one.strip.name, _files(one.strip))
        cues = cues_of(one.caption, markers.get(one.strip.name, ()), name, one.start)
        reason = _obstacle(one.strip, retimers) if cues else "it has no caption"
        picture = _picture(scene, one, cues, lengths) if not reason else None
        if isinstance(picture, Picture):
            pictures.append(picture)
        elif cues or only_selected:
            skipped.append(Skipped(one.strip.name, reason or str(picture)))
    return Look(tuple(pictures), tuple(skipped))


def preview(scene: Any, strip: Any, choice: Choice) -> str:
    """What is to be heard under a strip as things are; empty if it has no caption."""
    seen = list(_walk(scene.sequence_editor, EVERYWHERE, (), False, ""))
    one = next((s for s in seen if s.strip == strip), None)
    if one is None:
        return ""
    name = choice.of_name(strip.name, _files(strip))
    markers = _markers_under(scene, seen, choice).get(strip.name, ())
    return ", then ".join(cue.caption for cue in cues_of(one.caption, markers, name, one.start))


def _walk(
    holder: Any, window: range, layer: tuple[int, ...], chosen: bool, caption: str
) -> Iterator[Seen]:
    """The strips with a picture that a window shows, those in metas in their place."""
    for strip in strips_in(holder):
        if strip.mute or holder.channels[strip.channel].mute:
            continue
        start, end = start_of(strip), start_of(strip) + length_of(strip)
        start, end = max(start, window.start), min(end, window.stop)
        here, selected = (*layer, strip.channel), chosen or strip.select
        own = " ".join(getattr(strip, CAPTION, "").split()) or caption
        if start >= end:
            continue
        if strip.type == "META":
            yield from _walk(strip, range(start, end), here, selected, own)
        elif strip.type in WITH_PICTURE:
            yield Seen(strip, start, end, here, selected, own)


def _markers_under(scene: Any, seen: Sequence[Seen], choice: Choice) -> dict[str, list[Cue]]:
    """The markers over each strip, by its name: a marker speaks of the uppermost picture there."""
    found: dict[str, list[Cue]] = {}
    for marker in scene.timeline_markers:
        under = [one for one in seen if one.start <= marker.frame < one.end]
        if under and (caption := choice.of_marker(marker.name)):
            top = max(under, key=lambda one: one.layer)
            found.setdefault(top.strip.name, []).append(Cue(caption, marker.frame))
    return found


def _retimers(scene: Any) -> dict[str, str]:
    """The speed effects, by the names of the strips whose frames they change."""
    return {
        strip.input_1.name: strip.name
        for strip in all_strips(scene)
        if strip.type == "SPEED" and strip.input_1 is not None and not strip.mute
    }


def _obstacle(strip: Any, retimers: dict[str, str]) -> str:
    """Why nothing can be made of a strip; empty if something can."""
    if strip.type not in ("MOVIE", "IMAGE"):
        return f"a {strip.type.lower()} strip has no picture file; render it to a movie first"
    if strip.name in retimers:
        return f"the speed effect {retimers[strip.name]!r} changes its frames; render it first"
    if len(getattr(strip, "retiming_keys", ())):
        return "Blender tells scripts no frames of a retimed strip; render it to a movie first"
    return ""


def _picture(
    scene: Any, seen: Seen, cues: tuple[Cue, ...], lengths: dict[str, int]
) -> Picture | str:
    """A strip as a picture for the cut, or why it cannot be one."""
    strip, rate = seen.strip, rate_of(scene)
    if strip.type == "IMAGE":
        media: Movie | Images | str = _images(strip)
    else:
        media = _movie(strip, lengths)
    if isinstance(media, str):
        return media
    step = _step(strip, media, rate)
    trim = Fraction(_first_of(strip, "content_trim_start", "animation_offset_start"))
    passed = seen.start - Fraction(_first_of(strip, "content_start", "frame_start"))
    first = trim + passed * step
    if strip.use_reverse_frames:  # it turns the strip's frames round, not the media's
        first, step = trim + (_whole_length(strip) - 1 - passed) * step, -step
    if isinstance(media, Images) and len(media.names) == 1:
        first, step = Fraction(0), Fraction(1)
    return Picture(
        strip.name, media, seen.start, seen.end - seen.start, first + NEAREST, step, cues
    )


def _images(strip: Any) -> Images | str:
    names = tuple(element.filename for element in strip.elements)
    if len(names) > 1 and row_of(names) is None:
        return "its images are not numbered in a row; render it to a movie first"
    if len(names) > 1 and not _shows_its_images_in_turn(strip, names):
        return "Blender tells scripts no frames of a retimed strip; render it to a movie first"
    folder = os.path.normpath(bpy.path.abspath(strip.directory))
    paths = (os.path.join(folder, name) for name in names)
    gone = next((path for path in paths if not os.path.isfile(path)), None)
    return _missing(gone) if gone else Images(folder, names)


def _shows_its_images_in_turn(strip: Any, names: Sequence[str]) -> bool:
    """Whether an image strip shows an image a frame; Blender 4.2 tells no retiming keys of it."""
    start = start_of(strip)
    frames = (start, start + length_of(strip) // 2, start + length_of(strip) - 1)
    begin = _first_of(strip, "content_start", "frame_start")
    trim = _first_of(strip, "content_trim_start", "animation_offset_start")
    trim_end = _first_of(strip, "content_trim_end", "animation_offset_end")
    last = len(names) - trim_end - 1
    for frame in frames:
        passed = min(max(round(frame - begin), 0), last - trim)
        number = last - passed if strip.use_reverse_frames else trim + passed
        element = strip.strip_elem_from_frame(frame)
        if element is not None and element.filename != names[number]:
            return False
    return True


def _movie(strip: Any, lengths: dict[str, int]) -> Movie | str:
    path = os.path.normpath(bpy.path.abspath(strip.filepath))
    if not os.path.isfile(path):
        return _missing(path)
    if path not in lengths:
        lengths[path] = _frames_in(path)
    if strip.fps <= 0 or not lengths[path]:
        return f"Blender cannot read {path}"
    return Movie(path, snap(strip.fps), lengths[path])


def _missing(path: str) -> str:
    return f"missing media: {path}; see File > External Data > Find Missing Files"


def _frames_in(path: str) -> int:
    """How many frames Blender finds in a movie; a strip does not tell, so a new one is asked."""
    scene = bpy.data.scenes.new("foley")
    try:
        editor = scene.sequence_editor_create()
        strip = strips_in(editor).new_movie("foley", path, 1, 1)
        return length_of(strip)
    except RuntimeError:
        return 0
    finally:
        bpy.data.scenes.remove(scene)


def _step(strip: Any, media: Movie | Images, rate: Fraction) -> Fraction:
    """How many media frames pass with a frame of the timeline.

    A movie of another rate is played at its own speed or frame by frame, as was ticked when it was
    added (Adjust Playback Rate). Only the strip's length tells which.
    """
    if not isinstance(media, Movie) or media.rate == rate:
        return Fraction(1)
    trimmed = sum(
        int(_first_of(strip, *names))
        for names in (
            ("content_trim_start", "animation_offset_start"),
            ("content_trim_end", "animation_offset_end"),
        )
    )
    frames = media.frames - trimmed
    length = _whole_length(strip)
    at_its_own_speed = frames * rate / media.rate
    return (
        media.rate / rate if abs(length - at_its_own_speed) <= abs(length - frames) else Fraction(1)
    )


def _whole_length(strip: Any) -> int:
    """How many frames of the timeline a strip would take if its handles were pulled out."""
    before = _first_of(strip, "left_handle_offset", "frame_offset_start")
    after = _first_of(strip, "right_handle_offset", "frame_offset_end")
    return max(1, round(length_of(strip) + before + after))


def _files(strip: Any) -> tuple[str, ...]:
    """The file names that Blender may have called a strip after."""
    if strip.type == "IMAGE":
        folder = os.path.basename(os.path.normpath(bpy.path.abspath(strip.directory)))
        return (*(element.filename for element in strip.elements), folder)
    if strip.type == "MOVIE":
        return (os.path.basename(bpy.path.abspath(strip.filepath)),)
    if strip.type == "SCENE" and strip.scene is not None:
        return (strip.scene.name, "Scene")
    return ("Clip",)


def _first_of(strip: Any, *names: str) -> Any:
    """The first of these properties that this Blender's strips have."""
    return getattr(strip, next(name for name in names if hasattr(strip, name)))
