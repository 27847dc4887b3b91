"""Takes as sound strips under their pictures, and those of an earlier run out of the way."""

import json
import os
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import bpy

from .strips import all_strips, length_of, set_end, start_of, strips_in

OURS = "diffava_foley"
"""The custom property that marks a sound strip of ours."""
CHANNEL_NAME = "Foley"
LAST_CHANNEL = 128
LONGEST_NAME = 55
"""Letters of a caption in a strip's name, which may have 63 bytes in older Blenders."""


@dataclass(frozen=True)
class Sound:
    """The takes of one stretch of a picture."""

    picture: str
    """The name of the strip it belongs to."""
    caption: str
    start: int
    """Its first frame on the timeline."""
    frames: int
    takes: tuple[str, ...]
    """The files, best first."""
    licence: str
    """That of the weights, which the sound may be bound to."""


@dataclass(frozen=True)
class Mark:
    """What a sound strip of ours knows of itself."""

    name: str
    """What it was called: one that a person renamed, or a copy, is theirs."""
    picture: str
    caption: str
    takes: tuple[str, ...]
    take: int
    licence: str


def mark_of(strip: Any) -> Mark | None:
    """What a strip knows of itself, or None if it is not ours."""
    text = strip.get(OURS) if strip.type == "SOUND" else None
    try:
        content = json.loads(text) if isinstance(text, str) else None
        mark = Mark(**{**content, "takes": tuple(content["takes"])}) if content else None
    except (TypeError, ValueError, KeyError):
        return None
    return mark if mark and mark.name == strip.name else None


def place(scene: Any, sounds: Sequence[Sound], replaced: Container[str]) -> list[Any]:
    """The new sound strips; ours of the pictures in ``replaced`` are gone."""
    home = remove_ours(scene, replaced)
    return [_place(scene, sound, home) for sound in sorted(sounds, key=lambda one: one.start)]


def remove_ours(scene: Any, replaced: Container[str]) -> int | None:
    """The lowest channel that ours lay on; those of these pictures are removed."""
    ours = [strip for strip in strips_in(scene.sequence_editor) if mark_of(strip)]
    channels = [strip.channel for strip in ours]
    for strip in ours:
        mark = mark_of(strip)
        if mark and mark.picture in replaced:
            sound = strip.sound
            strips_in(scene.sequence_editor).remove(strip)
            if sound is not None and sound.users == 0:
                bpy.data.sounds.remove(sound)
    return min(channels, default=None)


def use_take(strip: Any, step: int) -> None:
    """Lets a strip of ours sound with its next take, or one before."""
    mark = mark_of(strip)
    if mark is None:
        return
    number = (mark.take + step) % len(mark.takes)
    before, strip.sound = strip.sound, _load(bpy.path.abspath(mark.takes[number]))
    if before is not None and before.users == 0:
        bpy.data.sounds.remove(before)
    _mark(strip, Mark(**{**asdict(mark), "take": number}))


def _place(scene: Any, sound: Sound, home: int | None) -> Any:
    strips = strips_in(scene.sequence_editor)
    channel = _free_channel(scene, sound.start, sound.start + sound.frames, home)
    name = f"Foley: {sound.caption[:LONGEST_NAME]}"
    strip = strips.new_sound(name, os.path.abspath(sound.takes[0]), channel, sound.start)
    if length_of(strip) != sound.frames:
        set_end(strip, sound.start + sound.frames)
    if strip.channel != channel or start_of(strip) != sound.start:
        raise RuntimeError(f"Blender put {strip.name!r} elsewhere than at frame {sound.start}")
    if (data := strip.sound) is not None and _keeps_relative_paths():
        data.filepath = bpy.path.relpath(data.filepath)
    strip.show_waveform = True
    takes = tuple(_kept(take) for take in sound.takes)
    _mark(strip, Mark(strip.name, sound.picture, sound.caption, takes, 0, sound.licence))
    scene.sequence_editor.channels[channel].name = _channel_name(scene, channel)
    return strip


def _free_channel(scene: Any, start: int, end: int, home: int | None) -> int:
    """A channel with nothing in the way: that of an earlier run, or one above all others."""
    editor = scene.sequence_editor
    used = (strip.channel for strip in strips_in(editor) if mark_of(strip) is None)
    first = home or min(LAST_CHANNEL, max(used, default=0) + 1)
    for channel in (*range(first, LAST_CHANNEL + 1), *range(first - 1, 0, -1)):
        settings = editor.channels[channel]
        if not settings.mute and not settings.lock and _is_free(editor, channel, start, end):
            return channel
    raise RuntimeError("no channel is free for the foley; unlock or clear one")


def _is_free(editor: Any, channel: int, start: int, end: int) -> bool:
    return not any(
        strip.channel == channel
        and start_of(strip) < end
        and start < start_of(strip) + length_of(strip)
        for strip in strips_in(editor)
    )


def _channel_name(scene: Any, channel: int) -> str:
    """The name of a channel that foley lies on, unless a person named it."""
    channels = scene.sequence_editor.channels
    if channels[channel].name != f"Channel {channel}":
        return channels[channel].name
    others = sum(one.name.startswith(CHANNEL_NAME) for one in channels)
    return f"{CHANNEL_NAME} {others + 1}" if others else CHANNEL_NAME


def _mark(strip: Any, mark: Mark) -> None:
    strip[OURS] = json.dumps(asdict(mark))


def _load(path: str) -> Any:
    sound = bpy.data.sounds.load(path, check_existing=True)
    if _keeps_relative_paths():
        sound.filepath = bpy.path.relpath(sound.filepath)
    return sound


def _kept(path: str) -> str:
    """A path as the file keeps it, so that a folder can be moved with all that is in it."""
    return bpy.path.relpath(path) if _keeps_relative_paths() else path


def _keeps_relative_paths() -> bool:
    return bool(bpy.data.filepath) and bpy.context.preferences.filepaths.use_relative_paths


def sounds_of_ours(scene: Any) -> list[Any]:
    """The sound strips of ours, in order."""
    return sorted((s for s in all_strips(scene) if mark_of(s)), key=start_of)
