"""What a user sets: the command of this machine, the sound of a scene, the caption of a strip."""

import shlex
import shutil
from pathlib import Path
from typing import Any

import bpy

from .captions import Choice
from .strips import CAPTION

COMMAND = "diffava-foley"
BAKED = Path(__file__).with_name("command.txt")
"""Where ``diffava-foley plugin install blender`` writes its own path."""
HOME = "diffava_foley"
"""The property of a scene that holds its settings."""


class Preferences(bpy.types.AddonPreferences):
    """What belongs to this machine."""

    bl_idname = __package__

    command: bpy.props.StringProperty(
        name="Command",
        description="Where diffava-foley is installed; empty looks where it was when this add-on "
        "was, and on the PATH",
        subtype="FILE_PATH",
    )
    weights: bpy.props.StringProperty(
        name="Weights",
        description="Empty for those in the package, or a folder, or a hub id such as "
        "cvssp/audioldm-m-full",
    )

    def draw(self, context: Any) -> None:
        """Draws the preferences."""
        self.layout.prop(self, "command")
        found = command_path(context)
        if found is None:
            self.layout.label(text="Not found: pip install diffava-foley", icon="ERROR")
        else:
            self.layout.label(text=f"Found: {found}", icon="CHECKMARK")
        self.layout.prop(self, "weights")


class Settings(bpy.types.PropertyGroup):
    """What belongs to a scene."""

    takes: bpy.props.IntProperty(
        name="Takes", description="How many takes to make of each sound", min=1, max=64, default=1
    )
    seed: bpy.props.IntProperty(
        name="Seed", description="The first take's seed; the next take has the next", min=0
    )
    steps: bpy.props.IntProperty(
        name="Steps",
        description="Denoising steps: fewer is faster. 0 leaves it to the weights",
        min=0,
        max=1000,
    )
    conditioning: bpy.props.EnumProperty(
        name="Follow",
        items=[
            ("per-second", "Each Second", "The sound follows the picture second by second"),
            ("global", "The Whole", "One vector for the whole strip, as in the paper"),
        ],
    )
    more: bpy.props.StringProperty(
        name="More",
        description="Further options of diffava-foley batch, such as --negative speech",
    )
    markers: bpy.props.BoolProperty(
        name="Markers",
        description="A timeline marker captions the uppermost picture under it, from there on",
        default=True,
    )
    names: bpy.props.BoolProperty(
        name="Strip Names",
        description="A strip that was given a name of its own is captioned by it",
        default=True,
    )
    prefix: bpy.props.StringProperty(
        name="Prefix",
        description="Only markers and names that begin so are captions, such as foley:",
    )


def settings_of(scene: Any) -> Any:
    """The foley settings of a scene."""
    return getattr(scene, HOME)


def choice_of(scene: Any) -> Choice:
    """Which words count as captions in a scene."""
    settings = settings_of(scene)
    return Choice(settings.markers, settings.names, settings.prefix)


def command_path(context: Any) -> str | None:
    """Where the command is: as set, as baked in, or on the PATH; None if nowhere."""
    addon = context.preferences.addons.get(__package__)
    wanted = addon.preferences.command.strip() if addon else ""
    if wanted:
        return shutil.which(bpy.path.abspath(wanted))
    baked = BAKED.read_text(encoding="utf-8").strip() if BAKED.is_file() else ""
    return (shutil.which(baked) if baked else None) or shutil.which(COMMAND)


def options_of(context: Any, scene: Any) -> list[str]:
    """The options of the command that a scene and this machine ask for."""
    settings = settings_of(scene)
    addon = context.preferences.addons.get(__package__)
    weights = addon.preferences.weights.strip() if addon else ""
    options = ["--takes", str(settings.takes), "--seed", str(settings.seed)]
    options += ["--conditioning", settings.conditioning]
    options += ["--steps", str(settings.steps)] if settings.steps else []
    options += ["--weights", bpy.path.abspath(weights)] if weights else []
    options += [] if bpy.app.online_access else ["--offline"]
    return options + shlex.split(settings.more)


def strip_type() -> Any:
    """What every strip is; Blender 4.4 renamed it."""
    return getattr(bpy.types, "Strip", None) or bpy.types.Sequence


CLASSES = (Preferences, Settings)


def register() -> None:
    """Adds the properties."""
    for one in CLASSES:
        bpy.utils.register_class(one)
    setattr(bpy.types.Scene, HOME, bpy.props.PointerProperty(type=Settings))
    caption = bpy.props.StringProperty(
        name="Caption", description="What is to be heard: glass shatters", options={"ANIMATABLE"}
    )
    setattr(strip_type(), CAPTION, caption)


def unregister() -> None:
    """Takes the properties away; what was typed stays in the file."""
    delattr(strip_type(), CAPTION)
    delattr(bpy.types.Scene, HOME)
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
