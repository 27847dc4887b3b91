"""Foley for captioned strips of Blender's Video Sequencer, made by the command diffava-foley."""

from . import operators, panels, settings


def register() -> None:
    """Adds the add-on to Blender."""
    settings.register()
    operators.register()
    panels.register()


def unregister() -> None:
    """Takes it out again; a run at hand is stopped."""
    panels.unregister()
    operators.unregister()
    settings.unregister()
