"""The Resolve application and the open cut."""

from typing import Any, NamedTuple

from . import frames
from .problems import Problem

OLDEST = "18.5"
"""The version whose timelines export as OTIO for the first time."""


class Cut(NamedTuple):
    """The open timeline and what belongs to it."""

    resolve: Any
    project: Any
    pool: Any
    timeline: Any
    name: str
    rate: Any
    """Frames a second, a Fraction."""
    start: int
    """The frame of the start timecode, from which record frames count."""


def reach(names):
    """The application, from the names that Resolve gives a menu script."""
    if names.get("resolve") is not None:
        return names["resolve"]
    for key in ("app", "fusion", "fu"):
        host = names.get(key)
        found = host.GetResolve() if host is not None else None
        if found is not None:
            return found
    raise Problem("DaVinci Resolve does not answer; start this from Workspace > Scripts.")


def open_cut(resolve):
    """The timeline that is open now."""
    manager = resolve.GetProjectManager()
    project = manager.GetCurrentProject() if manager is not None else None
    if project is None:
        raise Problem("No project is open; open one, and a timeline in it.")
    timeline = project.GetCurrentTimeline()
    if timeline is None:
        raise Problem("No timeline is open; open the one that should get foley.")
    setting = timeline.GetSetting("timelineFrameRate")
    rate = frames.rate_of(setting)
    start = frames.whole(timeline.GetStartFrame())
    if rate is None or start is None:
        raise Problem(
            "Resolve does not tell the timeline's frame rate or start ({!r}); open the timeline"
            " again.".format(setting)
        )
    pool = project.GetMediaPool()
    return Cut(resolve, project, pool, timeline, timeline.GetName() or "", rate, start)


def is_studio(resolve):
    """Whether this is the edition whose scripts may open windows."""
    return "Studio" in (resolve.GetProductName() or "")


def bring_back(cut):
    """Makes the cut the current timeline again, which is where Resolve appends."""
    current = cut.project.GetCurrentTimeline()
    if current is None or current.GetUniqueId() != cut.timeline.GetUniqueId():
        if not cut.project.SetCurrentTimeline(cut.timeline):
            raise Problem("The timeline {} cannot be opened again.".format(cut.name))
