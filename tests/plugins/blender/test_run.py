"""A run in Blender: sounds on the frames of their pictures, heard there and nowhere else."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile
from media.drawing import Clip, draw

RATES = {
    "24": (24, 1.0, Fraction(24)),
    "25": (25, 1.0, Fraction(25)),
    "29.97": (30, 1.001, Fraction(30000, 1001)),
    "23.976": (24, 1.001, Fraction(24000, 1001)),
}
SAMPLE_RATE = 48_000
LATEST = 2
"""Samples: Blender keeps 1.001 as a float and rounds a sound's start up, and is never early."""


@pytest.fixture
def movie(tmp_path: Path) -> str:
    """A movie of 60 frames."""
    return str(draw(tmp_path / "a.mp4", Clip(frames=60)))


@pytest.fixture
def ours(scene: Any, part: Callable[[str], ModuleType]) -> Callable[[], list[Any]]:
    """The foley strips, in order."""
    return lambda: part("placing").sounds_of_ours(scene)


@pytest.fixture
def lines(part: Callable[[str], ModuleType]) -> Callable[[], list[str]]:
    """What the last run said."""
    return lambda: part("run").desk.last.lines


@pytest.fixture
def lie(part: Callable[[str], ModuleType]) -> Callable[[Any], tuple[str, int, int, int]]:
    """A foley strip's caption, first frame, length and channel."""
    strips, placing = part("strips"), part("placing")

    def of(strip: Any) -> tuple[str, int, int, int]:
        mark = placing.mark_of(strip)
        return mark.caption, strips.start_of(strip), strips.length_of(strip), strip.channel

    return of


def mixed(bpy: Any, scene: Any, path: Path, first: int, last: int) -> np.ndarray:
    """The left side of what Blender mixes from a frame to another."""
    scene.frame_start, scene.frame_end = first, last
    bpy.ops.sound.mixdown(
        filepath=str(path), container="WAV", codec="PCM", format="F32", accuracy=1024
    )
    sound, rate = soundfile.read(path, always_2d=True)
    assert rate == SAMPLE_RATE
    return sound[:, 0]


def first_sample(mix: np.ndarray, take: np.ndarray, near: int) -> int:
    """Where in a mix a take begins, within a frame of a sample."""
    margin = 1000
    begin, probe = near - margin, take[: SAMPLE_RATE // 4]
    window = mix[begin : near + margin + len(probe)]
    return begin + int(np.correlate(window, probe, "valid").argmax())


@pytest.mark.parametrize("rate", RATES)
def test_every_sound_lies_and_sounds_under_its_picture_and_nowhere_else(
    bpy: Any,
    scene: Any,
    strips: Any,
    command: Path,
    movie: str,
    ours: Any,
    lie: Any,
    tmp_path: Path,
    rate: str,
) -> None:
    fps, base, exact = RATES[rate]
    scene.render.fps, scene.render.fps_base = fps, base
    for caption, start in (("rain falls", 11), ("a dog barks", 100), ("glass", 257)):
        strips.new_movie(caption, movie, 1, start)
    scene.timeline_markers.new("birds", frame=130)

    assert bpy.ops.sequencer.diffava_foley() == {"FINISHED"}

    placed = [lie(strip) for strip in ours()]
    assert placed == [("rain falls", 11, 60, 2), ("birds", 100, 60, 2), ("glass", 257, 60, 2)]
    mix = mixed(bpy, scene, tmp_path / "mix.wav", 1, 330)
    heard = np.zeros(len(mix), bool)
    for strip, (_, start, length, _) in zip(ours(), placed, strict=True):
        take, _ = soundfile.read(bpy.path.abspath(strip.sound.filepath))
        assert len(take) == round(length / exact * SAMPLE_RATE)
        exactly = (start - 1) / exact * SAMPLE_RATE
        at = first_sample(mix, take, int(exactly))
        assert 0 <= at - exactly < LATEST
        sounds = mix[at : at + len(take)]
        gain = sounds @ take / (take @ take)
        assert gain == pytest.approx(np.sqrt(0.5), abs=1e-4)  # mono, in the middle
        assert np.abs(sounds - gain * take)[1:-1].max() < 1e-6  # it may drop a sample at an end
        heard[at : at + len(take)] = True
    assert not mix[~heard].any()


def test_a_second_run_replaces_its_own_strips_and_no_others(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lie: Any
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    strips.new_movie("a dog barks", movie, 1, 101)
    bpy.ops.sequencer.diffava_foley()
    theirs = strips.new_sound("music", ours()[0].sound.filepath, 4, 1)
    kept = ours()[1]
    kept.name = "the good one"

    bpy.ops.sequencer.diffava_foley()

    assert [lie(strip) for strip in ours()] == [
        ("rain falls", 1, 60, 2),
        ("a dog barks", 101, 60, 3),
    ]
    names = {strip.name for strip in strips}
    assert {theirs.name, "the good one"} <= names
    assert len(names) == 6


def test_only_the_selected_strips_are_made_and_only_their_sounds_replaced(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lines: Any
) -> None:
    strips.new_movie("rain falls", movie, 1, 1).select = True
    strips.new_movie("a dog barks", movie, 1, 101).select = False
    bpy.ops.sequencer.diffava_foley()
    dog = ours()[1]
    dog.volume = 0.25

    bpy.ops.sequencer.diffava_foley(only_selected=True)

    assert lines() == ["Foley for 1 of 1 captions."]
    assert [strip.volume for strip in ours()] == [1, 0.25]


def test_sounds_of_strips_without_a_caption_any_more_go_with_the_next_run_of_all(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lie: Any
) -> None:
    dog = strips.new_movie("a dog barks", movie, 1, 1)
    strips.new_movie("rain falls", movie, 1, 101)
    bpy.ops.sequencer.diffava_foley()
    dog.name = "a.mp4"

    bpy.ops.sequencer.diffava_foley()

    assert [lie(strip)[0] for strip in ours()] == ["rain falls"]


def test_a_failed_strip_keeps_its_sound_and_is_told_with_the_reason(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lines: Any, lie: Any
) -> None:
    dog = strips.new_movie("a.mp4", movie, 1, 1)
    dog.diffava_foley_caption = "a dog barks"
    strips.new_movie("rain falls", movie, 1, 101)
    bpy.ops.sequencer.diffava_foley()
    dog.diffava_foley_caption = "a silent dog"

    bpy.ops.sequencer.diffava_foley()

    assert [lie(strip)[0] for strip in ours()] == ["a dog barks", "rain falls"]
    assert lines()[:2] == ["Foley for 1 of 2 captions.", "a.mp4 “a silent dog”: it is silent"]


def test_a_channel_is_free_over_the_whole_sound(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lie: Any
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    strips.new_movie("a dog barks", movie, 2, 31)
    strips.new_movie("a.mp4", movie, 6, 200)
    scene.sequence_editor.channels[7].lock = True

    bpy.ops.sequencer.diffava_foley()

    assert [lie(strip) for strip in ours()] == [
        ("rain falls", 1, 60, 8),
        ("a dog barks", 31, 60, 9),
    ]
    assert [scene.sequence_editor.channels[n].name for n in (7, 8, 9)] == [
        "Channel 7",
        "Foley",
        "Foley 2",
    ]


def test_several_takes_are_one_strip_whose_take_can_be_changed(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, ours: Any, lie: Any
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    scene.diffava_foley.takes = 3
    bpy.ops.sequencer.diffava_foley()
    (strip,) = ours()
    before = lie(strip)
    strip.select = True
    used = [Path(strip.sound.filepath).stem[-1]]
    for step in (1, 1, 1, -1):
        bpy.ops.sequencer.diffava_foley_take(step=step)
        used.append(Path(strip.sound.filepath).stem[-1])

    assert used == ["0", "1", "2", "0", "2"]
    assert lie(strip) == before
    assert len(bpy.data.sounds) == 1


def test_a_strip_that_moved_meanwhile_takes_its_sound_along_and_a_trimmed_one_is_told(
    bpy: Any,
    scene: Any,
    strips: Any,
    command: Path,
    movie: str,
    part: Any,
    ours: Any,
    lines: Any,
    lie: Any,
) -> None:
    moved = strips.new_movie("rain falls", movie, 1, 1)
    trimmed = strips.new_movie("a dog barks", movie, 1, 101)
    gone = strips.new_movie("glass", movie, 1, 201)
    run = part("run")
    at_work = run.start(bpy.context, only_selected=False)
    setattr(moved, "content_start" if hasattr(moved, "content_start") else "frame_start", 400)
    part("strips").set_end(trimmed, 130)
    strips.remove(gone)

    run.finish(at_work)

    assert [lie(strip)[:3] for strip in ours()] == [("rain falls", 400, 60)]
    assert lines() == [
        "Foley for 1 of 3 captions.",
        "a dog barks: it was trimmed meanwhile; make it again",
        "glass: the strip is gone",
    ]


def test_a_stopped_run_places_nothing(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, part: Any, ours: Any
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    run = part("run")
    at_work = run.start(bpy.context, only_selected=False)
    with pytest.raises(run.CannotStart, match="already"):
        run.start(bpy.context, only_selected=False)
    at_work.stop()

    assert not run.finish(at_work)
    assert ours() == []
    assert run.desk.at_work is None


@pytest.mark.parametrize(
    ("more", "words"),
    [("--fail", "no such weights"), ("--break", "Segmentation fault, in a way")],
)
def test_a_command_that_fails_is_told_in_its_own_words(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, lines: Any, more: str, words: str
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    scene.diffava_foley.more = more

    assert bpy.ops.sequencer.diffava_foley() == {"CANCELLED"}
    assert lines()[0].startswith("No foley: ")
    assert words in lines()[0]


def test_the_settings_reach_the_command(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, tmp_path: Path
) -> None:
    strips.new_movie("rain falls", movie, 1, 1)
    settings = scene.diffava_foley
    settings.takes, settings.seed, settings.steps, settings.conditioning = 2, 7, 30, "global"
    settings.more = '--negative "speech, music"'

    bpy.ops.sequencer.diffava_foley()

    (told,) = (tmp_path / "foley").glob("*.arguments")
    options = json.loads(told.read_text())[4:]
    asked = ["--takes", "2", "--seed", "7", "--conditioning", "global", "--steps", "30"]
    offline = [] if bpy.app.online_access else ["--offline"]
    assert options == [*asked, *offline, "--negative", "speech, music"]


def test_what_cannot_start_says_what_to_do(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="no strip has a caption"):
        bpy.ops.sequencer.diffava_foley()
    with pytest.raises(RuntimeError, match="no movie or image strip is selected"):
        bpy.ops.sequencer.diffava_foley(only_selected=True)
    strips.new_movie("rain falls", movie, 1, 1)
    command.unlink()
    with pytest.raises(RuntimeError, match="set its path"):
        bpy.ops.sequencer.diffava_foley()


def test_the_foley_is_there_when_the_file_is_opened_again(
    bpy: Any, scene: Any, strips: Any, command: Path, movie: str, part: Any, tmp_path: Path
) -> None:
    strips.new_movie("rain falls", movie, 1, 1).diffava_foley_caption = "a dog barks"
    bpy.ops.sequencer.diffava_foley()
    bpy.ops.wm.save_mainfile()
    shutil.copytree(tmp_path / "foley", tmp_path / "moved" / "foley")
    shutil.copy(tmp_path / "edit.blend", tmp_path / "moved")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "moved" / "edit.blend"))

    (strip,) = part("placing").sounds_of_ours(bpy.context.scene)

    assert strip.sound.filepath.startswith("//foley")
    assert Path(bpy.path.abspath(strip.sound.filepath)).is_file()
    assert part("placing").mark_of(strip).caption == "a dog barks"


def test_the_real_command_makes_it_with_tiny_weights(
    bpy: Any,
    hearing: None,
    scene: Any,
    strips: Any,
    movie: str,
    ours: Any,
    lie: Any,
    lines: Any,
    tmp_path: Path,
) -> None:
    real = os.environ.get("FOLEY_COMMAND") or shutil.which("diffava-foley")
    python = Path(real).with_name("python") if real else None
    if python is None or not python.exists() or python.parent == Path(sys.executable).parent:
        pytest.skip("needs diffava-foley with all it takes: FOLEY_COMMAND=/path/to/diffava-foley")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import pathlib, tiny_weights;"
        " tiny_weights.build(pathlib.Path(sys.argv[2]))"
    )
    tests, weights = str(Path(__file__).parents[2]), str(tmp_path / "tiny")
    subprocess.run([str(python), "-P", "-c", script, tests, weights], check=True)
    preferences = bpy.context.preferences.addons["bl_ext.user_default.diffava_foley"].preferences
    preferences.command, preferences.weights = str(real), weights
    strips.new_movie("a dog barks", movie, 1, 11)
    scene.diffava_foley.takes = 2

    assert bpy.ops.sequencer.diffava_foley() == {"FINISHED"}, lines()

    (strip,) = ours()
    assert lie(strip) == ("a dog barks", 11, 60, 2)
    mix = mixed(bpy, scene, tmp_path / "mix.wav", 1, 90)
    begin, end = 10 * SAMPLE_RATE // 24, 70 * SAMPLE_RATE // 24
    assert not mix[:begin].any()
    assert not mix[end:].any()
    assert np.abs(mix[begin:end]).max() > 1e-3
