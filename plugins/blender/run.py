"""One run, from the strips to the sounds: look, write the cut, let the command work, place.

Between the start and the end Blender's user goes on working, so nothing of Blender is held on to:
scene and strips are found again by name, and a strip that was moved takes its sound along.
"""

import json
import os
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from . import placing
from .cut import Picture, origin_of, timeline
from .job import Job
from .placing import Sound
from .progress import Event, Progress
from .settings import choice_of, command_path, options_of
from .strips import Look, active_scene, all_strips, length_of, look, rate_of, start_of

FOLDER = "foley"
"""Beside the .blend file: the cut, its takes and the log."""


class CannotStart(Exception):
    """Why there is no run: what, where, and what to do."""


@dataclass
class Run:
    """A run at work, or the last one."""

    scene: str
    rate: Fraction
    """The scene's frames a second."""
    pictures: tuple[Picture, ...]
    lay: dict[str, tuple[int, int]]
    """Where the strips lay when it began, by name: first frame and length."""
    skipped: list[str]
    whole: bool
    """Whether all captioned strips were asked for, not only the selected ones."""
    job: Job
    progress: Progress = field(default_factory=Progress)
    stopped: bool = False
    lines: list[str] = field(default_factory=list)
    """What became of it, the most important first."""

    def listen(self) -> bool:
        """Takes in what the command told; says whether it is still at work."""
        ended = self.job.ended  # asked first, so that nothing told before the end is missed
        for event in self.job.events():
            self.progress.hear(event)
        return not ended

    def stop(self) -> None:
        """Asks the command to end."""
        self.stopped = True
        self.job.stop()


class _Desk:
    """Where the panel finds the run at work and the last one."""

    at_work: Run | None = None
    last: Run | None = None


desk = _Desk()


def start(context: Any, *, only_selected: bool) -> Run:
    """A run that was started; raises CannotStart where there is nothing to do or to do it with."""
    if desk.at_work is not None:
        raise CannotStart("foley is being made already; stop it first")
    if not bpy.data.filepath:
        raise CannotStart("save the .blend file first: the takes are kept beside it")
    command = command_path(context)
    if command is None:
        raise CannotStart("diffava-foley was not found; set its path in the add-on's preferences")
    scene = active_scene(context)
    found = look(scene, choice_of(scene), only_selected=only_selected)
    if not found.pictures:
        raise CannotStart(_nothing_to_do(found, only_selected))
    cut = _folder() / f"{_file_name(scene)}.otio"
    _write(cut, timeline(scene.name, rate_of(scene), found.pictures))
    output = cut.with_name(f"{cut.stem}-foley.otio")
    arguments = ["batch", str(cut), "-o", str(output), "--overwrite", "--json"]
    try:
        options = options_of(context, scene)
        job = Job([command, *arguments, *options], cut.with_suffix(".log"))
    except ValueError as error:
        raise CannotStart(f"the options under More cannot be read: {error}") from error
    except OSError as error:
        raise CannotStart(f"{command} cannot be run: {error}") from error
    skipped = [f"{one.name}: {one.reason}" for one in found.skipped]
    lay = {strip.name: (start_of(strip), length_of(strip)) for strip in all_strips(scene)}
    desk.at_work = Run(
        scene.name, rate_of(scene), found.pictures, lay, skipped, not only_selected, job
    )
    return desk.at_work


def finish(run: Run) -> bool:
    """Places what was made, says in the run what became of it, and whether anything was placed."""
    desk.at_work, desk.last = None, run
    run.job.wait()
    run.listen()
    progress = run.progress
    if run.stopped:
        run.lines = ["Stopped. Finished takes are kept; make it again to go on."]
        return False
    if progress.error or not progress.finished:
        reason = progress.error or run.job.last_words() or f"exit code {run.job.exit_code}"
        run.lines = [f"No foley: {reason}", *run.skipped]
        return False
    scene = bpy.data.scenes.get(run.scene)
    if scene is None or scene.sequence_editor is None:
        run.lines = [f"No foley: the scene {run.scene!r} is gone"]
        return False
    sounds, lost = _sounds(run, scene)
    placed = placing.place(scene, sounds, _outdated(run, scene, sounds))
    shots = len(progress.shots)
    run.lines = [f"Foley for {len(placed)} of {shots} captions.", *progress.problems, *lost]
    run.lines += [*run.skipped, *dict.fromkeys(progress.warnings)]
    return bool(placed)


def _outdated(run: Run, scene: Any, sounds: list[Sound]) -> set[str]:
    """The pictures whose sounds of an earlier run go: made anew, or asked for no more."""
    anew = {sound.picture for sound in sounds}
    if not run.whole:
        return anew
    asked = {picture.name for picture in run.pictures}
    marks = (placing.mark_of(strip) for strip in all_strips(scene))
    return anew | ({mark.picture for mark in marks if mark} - asked)


def _sounds(run: Run, scene: Any) -> tuple[list[Sound], list[str]]:
    """The sounds where their pictures lie now, and why some have no place any more."""
    origin = origin_of(run.pictures)
    strips = {strip.name: strip for strip in all_strips(scene)}
    licence = str(run.progress.weights.get("licence") or "")
    sounds, lost = [], []
    for id, takes in run.progress.takes.items():
        shot: Event = run.progress.shots[id]
        name, strip = shot["clip"], strips.get(shot["clip"])
        then, length = run.lay[name]
        if strip is None:
            lost.append(f"{name}: the strip is gone")
        elif length_of(strip) != length:
            lost.append(f"{name}: it was trimmed meanwhile; make it again")
        else:
            start, frames = (round(shot[key] * run.rate) for key in ("start", "duration"))
            start += origin + start_of(strip) - then
            files = tuple(os.path.abspath(take["path"]) for take in takes)
            sounds.append(Sound(name, shot["caption"], start, frames, files, licence))
    return sounds, lost


def _nothing_to_do(found: Look, only_selected: bool) -> str:
    if found.skipped:
        return "; ".join(f"{one.name}: {one.reason}" for one in found.skipped)
    if only_selected:
        return "no movie or image strip is selected"
    return "no strip has a caption: type one in the sidebar under Foley, or set a marker over it"


def _folder() -> Path:
    return Path(bpy.data.filepath).parent / FOLDER


def _file_name(scene: Any) -> str:
    """A file's name for a scene of this .blend."""
    name = f"{Path(bpy.data.filepath).stem}-{scene.name}"
    return re.sub(r"[^\w.-]+", "_", name)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(unfinished, path)
