"""What the menus do: make foley, stop making it, try another take."""

from typing import Any

import bpy

from . import placing, run
from .run import CannotStart, Run, desk
from .strips import active_scene

EVERY = 0.1
"""Seconds between two looks at what the command told."""
LONGEST_REPORT = 5
"""Lines of a report; the panel has them all."""


class MakeFoley(bpy.types.Operator):
    """Make foley for captioned strips"""

    bl_idname = "sequencer.diffava_foley"
    bl_label = "Make Foley"
    bl_options = {"UNDO"}  # noqa: RUF012 - Blender wants a plain set

    only_selected: bpy.props.BoolProperty(name="Only Selected", default=False)

    _timer: Any = None
    _run: Run | None = None

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether there is a sequencer to make it for, and nothing is being made."""
        return desk.at_work is None and active_scene(context).sequence_editor is not None

    @classmethod
    def description(cls, _: Any, properties: Any) -> str:
        """The tooltip."""
        which = "the selected strips" if properties.only_selected else "all captioned strips"
        return f"Make a sound for {which}, as long as the picture, on a channel of its own"

    def invoke(self, context: Any, _: Any) -> set[str]:
        """Starts a run and leaves Blender to its user; without a window it waits for it."""
        if bpy.app.background or context.window is None:
            return self.execute(context)
        if not self._start(context):
            return {"CANCELLED"}
        self._timer = context.window_manager.event_timer_add(EVERY, window=context.window)
        context.window_manager.modal_handler_add(self)
        context.window_manager.progress_begin(0, 100)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Listens to the command at every tick; Esc stops it."""
        assert self._run is not None
        if event.type == "ESC" and event.value == "PRESS":
            self._run.stop()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        if self._run.listen():
            self._show(context, self._run)
            return {"PASS_THROUGH"}
        self._leave(context)
        return self._finish()

    def execute(self, context: Any) -> set[str]:
        """Makes it and waits for it; for scripts and for Blender without a window."""
        if not self._start(context):
            return {"CANCELLED"}
        return self._finish()

    def cancel(self, context: Any) -> None:
        """Stops when Blender quits or opens another file."""
        if self._run is not None:
            self._run.stop()
            desk.at_work = None
        self._leave(context)

    def _start(self, context: Any) -> bool:
        try:
            self._run = run.start(context, only_selected=self.only_selected)
        except CannotStart as error:
            self.report({"ERROR"}, str(error))
            return False
        return True

    def _finish(self) -> set[str]:
        assert self._run is not None
        try:
            placed = run.finish(self._run)
        except (RuntimeError, OSError) as error:
            self._run.lines = [f"The sounds could not be placed: {error}"]
            placed = False
        lines = self._run.lines
        well = placed and len(lines) == 1
        kind = "INFO" if well or self._run.stopped else "WARNING" if placed else "ERROR"
        more = f" … and {len(lines) - LONGEST_REPORT} more" if len(lines) > LONGEST_REPORT else ""
        if kind == "ERROR" and bpy.app.background:
            kind = "WARNING"  # an error in a script would hide what the others got
        self.report({kind}, "\n".join(lines[:LONGEST_REPORT]) + more)
        return {"FINISHED"} if placed else {"CANCELLED"}

    def _show(self, context: Any, at_work: Run) -> None:
        progress = at_work.progress
        ending = "stopping…" if at_work.stopped else "Esc stops"
        context.workspace.status_text_set(f"Foley {progress.text}   ({ending})")
        context.window_manager.progress_update(int(100 * progress.fraction))
        _redraw(context)

    def _leave(self, context: Any) -> None:
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            self._timer = None
        if context.workspace is not None:
            context.workspace.status_text_set(None)
        _redraw(context)


class StopFoley(bpy.types.Operator):
    """Stop making foley; finished takes are kept"""

    bl_idname = "sequencer.diffava_foley_stop"
    bl_label = "Stop"

    @classmethod
    def poll(cls, _: Any) -> bool:
        """Whether any is being made."""
        return desk.at_work is not None

    def execute(self, _: Any) -> set[str]:
        """Asks the command to end; the run at work then finds that it has."""
        if desk.at_work is not None:
            desk.at_work.stop()
        return {"FINISHED"}


class ChangeTake(bpy.types.Operator):
    """Let the selected foley strips sound with another of their takes"""

    bl_idname = "sequencer.diffava_foley_take"
    bl_label = "Change Take"
    bl_options = {"UNDO"}  # noqa: RUF012 - Blender wants a plain set

    step: bpy.props.IntProperty(name="Step", default=1)

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether foley with several takes is selected."""
        return any(True for _ in _with_takes(context))

    def execute(self, context: Any) -> set[str]:
        """Changes it."""
        try:
            for strip in list(_with_takes(context)):
                placing.use_take(strip, self.step)
        except RuntimeError as error:
            self.report({"ERROR"}, f"the take cannot be read: {error}")
            return {"CANCELLED"}
        return {"FINISHED"}


def _with_takes(context: Any) -> Any:
    for strip in placing.sounds_of_ours(active_scene(context)):
        mark = placing.mark_of(strip)
        if strip.select and mark and len(mark.takes) > 1:
            yield strip


def _redraw(context: Any) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


CLASSES = (MakeFoley, StopFoley, ChangeTake)


def register() -> None:
    """Adds the operators."""
    for one in CLASSES:
        bpy.utils.register_class(one)


def unregister() -> None:
    """Takes the operators away and stops a run at hand."""
    if desk.at_work is not None:
        desk.at_work.stop()
        desk.at_work = None
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
