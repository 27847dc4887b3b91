"""Where it is found: the menus Add and Strip, and the sidebar's tab Foley."""

from typing import Any

import bpy

from .operators import ChangeTake, MakeFoley, StopFoley
from .placing import mark_of
from .run import desk
from .settings import choice_of, settings_of
from .strips import CAPTION, WITH_PICTURE, active_scene, preview

MENUS = ("SEQUENCER_MT_add", "SEQUENCER_MT_strip")
WIDEST = 60
"""Letters in a line of the panel."""


class FoleyPanel(bpy.types.Panel):
    """Captions, takes and how to make them."""

    bl_idname = "SEQUENCER_PT_diffava_foley"
    bl_label = "Foley"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Foley"

    def draw(self, context: Any) -> None:
        """Draws the panel."""
        scene, layout = active_scene(context), self.layout
        layout.use_property_split = True
        if scene.sequence_editor is None:
            layout.label(text="Add a strip first")
            return
        _draw_strip(layout, scene, scene.sequence_editor.active_strip)
        column = layout.column()
        if desk.at_work is None:
            column.operator(MakeFoley.bl_idname, text="Make for Selected").only_selected = True
            column.operator(MakeFoley.bl_idname, text="Make for All").only_selected = False
        else:
            progress = desk.at_work.progress
            column.progress(factor=progress.fraction, text=progress.text)
            column.operator(StopFoley.bl_idname, icon="CANCEL")
        _draw_last_run(layout)


class FoleySettings(bpy.types.Panel):
    """How it is to sound, and which words are captions."""

    bl_idname = "SEQUENCER_PT_diffava_foley_settings"
    bl_parent_id = "SEQUENCER_PT_diffava_foley"
    bl_label = "Settings"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Foley"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 - Blender wants a plain set

    def draw(self, context: Any) -> None:
        """Draws the panel."""
        settings, layout = settings_of(active_scene(context)), self.layout
        layout.use_property_split = True
        for name in ("takes", "seed", "steps", "conditioning", "more"):
            layout.prop(settings, name)
        column = layout.column(heading="Captions in")
        for name in ("markers", "names", "prefix"):
            column.prop(settings, name)


def _draw_strip(layout: Any, scene: Any, strip: Any) -> None:
    if strip is None:
        return
    mark = mark_of(strip)
    if mark is not None:
        layout.label(text=f"“{mark.caption}”", icon="SPEAKER")
        row = layout.row(align=True)
        row.operator(ChangeTake.bl_idname, text="", icon="TRIA_LEFT").step = -1
        row.label(text=f"Take {mark.take + 1} of {len(mark.takes)}")
        row.operator(ChangeTake.bl_idname, text="", icon="TRIA_RIGHT").step = 1
        layout.label(text=mark.licence)
    elif strip.type in (*WITH_PICTURE, "META"):
        layout.prop(strip, CAPTION)
        heard = preview(scene, strip, choice_of(scene))
        if heard and not getattr(strip, CAPTION):
            layout.label(text=f"Will be heard: {heard}")


def _draw_last_run(layout: Any) -> None:
    if desk.at_work is not None or desk.last is None:
        return
    box = layout.box().column(align=True)
    for line in desk.last.lines:
        for start in range(0, len(line), WIDEST):
            box.label(text=line[start : start + WIDEST])


def _draw_menu(self: Any, _: Any) -> None:
    self.layout.separator()
    self.layout.operator_context = "INVOKE_DEFAULT"
    selected = self.layout.operator(MakeFoley.bl_idname, text="Foley for Selected Strips")
    selected.only_selected = True
    everything = self.layout.operator(MakeFoley.bl_idname, text="Foley for All Captioned Strips")
    everything.only_selected = False


CLASSES = (FoleyPanel, FoleySettings)


def register() -> None:
    """Adds panels and menu entries."""
    for one in CLASSES:
        bpy.utils.register_class(one)
    for name in MENUS:
        getattr(bpy.types, name).append(_draw_menu)


def unregister() -> None:
    """Takes panels and menu entries away."""
    for name in reversed(MENUS):
        getattr(bpy.types, name).remove(_draw_menu)
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
