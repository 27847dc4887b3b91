"""The editors that have a plugin; a new one is one entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from diffava_foley.installation import blender, resolve
from diffava_foley.installation.folders import Machine
from diffava_foley.installation.plugins import Plugin, Wishes
from diffava_foley.installation.record import recorded_folder


@dataclass(frozen=True)
class Editor:
    """An editor that has a plugin of ours."""

    title: str
    plugins: Callable[[Machine, Wishes], tuple[Plugin, ...]]
    """Our files for every place on the machine where it looks for scripts."""
    warnings: Callable[[Machine, Plugin], tuple[str, ...]]
    """What the user should know about a place."""


EDITORS: Mapping[str, Editor] = {
    "blender": Editor("Blender", blender.plugins, blender.warnings),
    "resolve": Editor("DaVinci Resolve", resolve.plugins, resolve.warnings),
}


def plugins_of(editor: str, machine: Machine, wishes: Wishes) -> tuple[Plugin, ...]:
    """The plugin for every place of an editor; where one is installed, with its work folder."""
    build = EDITORS[editor].plugins
    plugins = build(machine, wishes)
    if wishes.work_folder is not None:
        return plugins
    return tuple(
        next(
            p for p in build(machine, replace(wishes, work_folder=folder)) if p.root == plugin.root
        )
        if (folder := recorded_folder(plugin)) is not None
        else plugin
        for plugin in plugins
    )
