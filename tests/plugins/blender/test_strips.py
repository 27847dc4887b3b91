"""What Blender shows is what the command is told: its own renders are the answer key."""

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from media.drawing import Clip, draw, draw_image, number_in, number_picture

from diffava_foley.timeline.read import read

FRAMES = 60
RATES = {
    "24": (24, 1.0),
    "25": (25, 1.0),
    "29.97": (30, 1.001),
    "23.976": (24, 1.001),
}


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of movies named by their rate, and of images in a row."""
    folder = tmp_path_factory.mktemp("footage")
    rates = {"12": Fraction(12), "24": Fraction(24), "25": Fraction(25)}
    rates["29.97"] = Fraction(30000, 1001)
    for name, rate in rates.items():
        draw(folder / f"{name}.mp4", Clip(rate=rate, frames=FRAMES, group=12, reordered=2))
    for number in range(20):
        draw_image(folder / f"im.{number + 995:04d}.png", number_picture(number))
    return folder


@pytest.fixture
def look(
    bpy: Any, scene: Any, part: Callable[[str], ModuleType], tmp_path: Path
) -> Callable[..., Any]:
    """What the add-on sees: pictures and what it skips."""

    def seen(only_selected: bool = False) -> Any:
        opened = bpy.context.scene
        choice = part("settings").choice_of(opened)
        return part("strips").look(opened, choice, only_selected=only_selected)

    return seen


@pytest.fixture
def told(
    bpy: Any, look: Callable[..., Any], part: Callable[[str], ModuleType], tmp_path: Path
) -> Callable[[], dict[int, int]]:
    """Which media frame the command takes every frame of the timeline for."""

    def frames() -> dict[int, int]:
        pictures, rate = look().pictures, part("strips").rate_of(bpy.context.scene)
        path = tmp_path / "cut.otio"
        path.write_text(json.dumps(part("cut").timeline("cut", rate, pictures)))
        origin = part("cut").origin_of(pictures)
        found = {}
        for shot in read(path).shots:
            assert shot.problem is None
            for k in range(round(shot.duration * rate)):
                media = shot.retime.media_frame((k + Fraction(1, 2)) / rate)
                found[origin + round(shot.start * rate) + k] = media
        return found

    return frames


@pytest.fixture
def shown(bpy: Any, scene: Any, tmp_path: Path) -> Callable[[int], int]:
    """The number in the picture that Blender renders at a frame."""
    import numpy as np

    def number(frame: int) -> int:
        scene = bpy.context.scene
        render = scene.render
        render.resolution_x, render.resolution_y, render.resolution_percentage = 96, 64, 100
        render.image_settings.file_format = "PNG"
        scene.view_settings.view_transform = "Standard"
        # Blender 5's cache may show a frame's neighbour, whichever of them was shown before.
        scene.sequence_editor.use_cache_raw = scene.sequence_editor.use_cache_final = False
        scene.frame_set(frame)
        render.filepath = str(tmp_path / "frame.png")
        bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(render.filepath)
        picture = np.array(image.pixels[:]).reshape(64, 96, 4)[..., :3] * 255
        bpy.data.images.remove(image)
        return number_in(picture)

    return number


def offsets(strip: Any, start: int, end: int) -> None:
    """Pulls a strip's handles in; below zero out."""
    new = hasattr(strip, "left_handle_offset")
    setattr(strip, "left_handle_offset" if new else "frame_offset_start", start)
    setattr(strip, "right_handle_offset" if new else "frame_offset_end", end)


def trim(strip: Any, start: int, end: int) -> None:
    """Trims what a strip takes of its media."""
    new = hasattr(strip, "content_trim_start")
    setattr(strip, "content_trim_start" if new else "animation_offset_start", start)
    setattr(strip, "content_trim_end" if new else "animation_offset_end", end)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("movie", ["12", "24", "25", "29.97"])
def test_a_movie_played_frame_by_frame(
    scene: Any, strips: Any, footage: Path, told: Any, shown: Any, rate: str, movie: str
) -> None:
    scene.render.fps, scene.render.fps_base = RATES[rate]
    strip = strips.new_movie("rain falls", str(footage / f"{movie}.mp4"), 1, 10)
    offsets(strip, 5, 7)

    frames = told()

    assert frames == {frame: frame - 10 for frame in range(15, 10 + FRAMES - 7)}
    assert all(shown(frame) == frames[frame] for frame in (15, 16, 40, 62))


@pytest.fixture
def at_own_speed(bpy: Any, scene: Any, footage: Path, tmp_path: Path) -> Callable[[str], Any]:
    """A movie as Blender's menu adds it, Adjust Playback Rate being ticked.

    Scripts cannot tick it, so the strips come from a file that Blender 4.2's menu was used for.
    """

    def opened(movie: str) -> Any:
        for path in footage.glob("*.mp4"):
            shutil.copy(path, tmp_path)
        shutil.copy(Path(__file__).with_name("own_speed.blend"), tmp_path)
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "own_speed.blend"))
        editor = bpy.context.scene.sequence_editor
        strips = editor.strips if hasattr(editor, "strips") else editor.sequences
        for strip in list(strips):
            if strip.name != f"{movie}.mp4":
                strips.remove(strip)
        return strips[0]

    return opened


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("movie", ["12", "24", "25", "29.97"])
def test_a_movie_played_at_its_own_speed(
    bpy: Any, told: Any, shown: Any, at_own_speed: Any, rate: str, movie: str, backwards: bool
) -> None:
    strip = at_own_speed(movie)
    bpy.context.scene.render.fps, bpy.context.scene.render.fps_base = RATES[rate]
    strip.name, strip.use_reverse_frames = "rain falls", backwards
    offsets(strip, 3, 4)

    frames = told()

    assert {frame: shown(frame) for frame in frames} == frames
    assert len(set(frames.values())) > 30


@pytest.mark.parametrize("pulled", [(0, 0), (6, 2), (-3, -5)])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("trimmed", [(0, 0), (4, 9)])
def test_handles_trims_and_playing_backwards(
    scene: Any,
    strips: Any,
    footage: Path,
    told: Any,
    shown: Any,
    pulled: tuple[int, int],
    backwards: bool,
    trimmed: tuple[int, int],
) -> None:
    if min(pulled) < 0 < max(trimmed):
        pytest.skip("a hold of a frame inside the media is not handed over")
    strip = strips.new_movie("rain falls", str(footage / "24.mp4"), 1, 10)
    trim(strip, *trimmed)
    offsets(strip, *pulled)
    strip.use_reverse_frames = backwards

    frames = told()

    assert {frame: shown(frame) for frame in frames} == frames


def test_images_in_a_row(scene: Any, strips: Any, footage: Path, told: Any, shown: Any) -> None:
    names = sorted(path.name for path in footage.glob("im.*.png"))
    strip = strips.new_image("rain falls", str(footage / names[0]), 1, 10)
    for name in names[1:]:
        strip.elements.append(name)
    offsets(strip, 4, 3)

    frames = told()

    assert frames == {frame: frame - 10 for frame in range(14, 27)}
    assert {frame: shown(frame) for frame in frames} == frames


def test_a_strip_in_a_meta_is_cut_where_the_meta_is(
    scene: Any, strips: Any, footage: Path, told: Any, shown: Any
) -> None:
    meta = strips.new_meta("meta", 2, 10)
    inside = meta.strips if hasattr(meta, "strips") else meta.sequences
    inside.new_movie("rain falls", str(footage / "24.mp4"), 1, 10)
    offsets(meta, 8, 12)

    frames = told()

    assert frames == {frame: frame - 10 for frame in range(18, 10 + FRAMES - 12)}
    assert {frame: shown(frame) for frame in frames} == frames


def test_captions_come_from_the_field_then_markers_then_names(
    scene: Any, strips: Any, footage: Path, look: Any
) -> None:
    path = str(footage / "24.mp4")
    strips.new_movie("glass breaks", path, 1, 1)
    below, above = (
        strips.new_movie("24.mp4", path, 1, 101),
        strips.new_movie("24.mp4", path, 2, 121),
    )
    strips.new_movie("rain", path, 1, 201).diffava_foley_caption = " a dog\tbarks "
    strips.new_movie("24.mp4", path, 1, 301)
    for name, frame in (("thunder", 101), ("birds", 130), ("F_140", 140), ("lost", 400)):
        scene.timeline_markers.new(name, frame=frame)
    scene.timeline_markers.new("not over its own field", frame=210)

    heard = {p.name: [(cue.caption, cue.frame) for cue in p.cues] for p in look().pictures}

    assert heard == {
        "glass breaks": [("glass breaks", 1)],
        below.name: [("thunder", 101)],
        above.name: [("birds", 130)],
        "rain": [("a dog barks", 201)],
    }


def test_what_is_muted_or_not_selected_is_left_alone(
    scene: Any, strips: Any, footage: Path, look: Any
) -> None:
    path = str(footage / "24.mp4")
    for number, name in enumerate(("rain", "hail", "snow", "fog"), 1):
        strips.new_movie(name, path, number, 1).select = name in ("rain", "snow")
    next(strip for strip in strips if strip.name == "hail").mute = True
    scene.sequence_editor.channels[4].mute = True

    assert [picture.name for picture in look().pictures] == ["rain", "snow"]
    assert [picture.name for picture in look(only_selected=True).pictures] == ["rain", "snow"]
    next(strip for strip in strips if strip.name == "rain").select = False
    assert [picture.name for picture in look(only_selected=True).pictures] == ["snow"]


def test_what_cannot_be_handed_over_is_skipped_with_the_reason(
    bpy: Any, scene: Any, strips: Any, footage: Path, look: Any
) -> None:
    path = str(footage / "24.mp4")
    other = bpy.data.scenes.new("other")
    strips.new_scene("a scene", other, 1, 1)
    strips.new_movie("rain", str(footage / "gone.mp4"), 2, 1)
    heap = strips.new_image("a heap", str(footage / "im.0995.png"), 3, 1)
    heap.elements.append("im.0999.png")
    fast = strips.new_movie("fast", path, 4, 1)
    effect = strips.bl_rna.functions["new_effect"].parameters
    inputs = {"input1": fast} if "input1" in effect else {"seq1": fast, "frame_end": 30}
    inputs |= {"length": 30} if "length" in effect else {}
    strips.new_effect("speed", "SPEED", 5, frame_start=1, **inputs)

    reasons = {one.name: one.reason for one in look().skipped}

    assert reasons.keys() == {"a scene", "rain", "a heap", "fast"}
    assert "no picture file" in reasons["a scene"]
    assert "missing media" in reasons["rain"]
    assert "numbered in a row" in reasons["a heap"]
    assert "speed effect 'speed'" in reasons["fast"]
    assert look().pictures == ()
    assert {one.name for one in bpy.data.scenes} == {scene.name, "other"}


def test_a_retimed_strip_is_skipped_with_the_reason(
    bpy: Any, scene: Any, strips: Any, footage: Path, look: Any
) -> None:
    if bpy.app.version < (5, 1):
        pytest.skip("this Blender crashes when a script retimes a strip")
    strip = strips.new_movie("slow", str(footage / "24.mp4"), 1, 1)
    strip.retiming_keys.add(timeline_frame=30)

    (skipped,) = look().skipped

    assert "retimed" in skipped.reason
