"""The cut as a file, and what tells one picture from another."""

import os
import re

from .problems import Problem


def path_of(cut, folder):
    """Where the cut is exported: the same file for the same timeline, in plain letters."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", cut.name).strip("-")[:40]
    mark = re.sub(r"[^A-Za-z0-9]", "", cut.timeline.GetUniqueId() or "")[:8]
    return os.path.join(folder, "-".join(part for part in (name, mark) if part) + ".otio")


def export(cut, folder):
    """The path of the exported timeline."""
    path = path_of(cut, folder)
    kind = getattr(cut.resolve, "EXPORT_OTIO", None)
    if kind is None:
        raise Problem("This Resolve cannot export OpenTimelineIO; version 18.5 or newer can.")
    try:
        if not os.path.isdir(folder):
            os.makedirs(folder)
        if os.path.exists(path):  # an old export must not be taken for the new one
            os.remove(path)
    except OSError as error:
        raise Problem("{} cannot be written: {}.".format(path, error.strerror))
    cut.timeline.Export(path, kind, getattr(cut.resolve, "EXPORT_NONE", ""))
    if not os.path.isfile(path) or os.path.getsize(path) == 0:
        raise Problem(
            "Resolve did not export the timeline to {}; see whether that folder can be written"
            " to, and whether File > Export > Timeline works.".format(path)
        )
    return path


def picture(cut):
    """What tells whether the cut was changed: every clip of picture with its place."""
    count = cut.timeline.GetTrackCount("video") or 0
    return [
        (track, item.GetStart(), item.GetEnd(), item.GetName())
        for track in range(1, count + 1)
        for item in cut.timeline.GetItemListInTrack("video", track) or []
    ]
