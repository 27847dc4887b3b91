"""The report: in words, and in a marker where the edition has no windows.

The marker's name tells diffava-foley that it is no caption.
"""

from . import frames

NAME = "DiffAVA Foley"
CUSTOM_DATA = "diffava-foley.report"
PLACES = 100
"""How many frames are tried: one frame holds one marker."""


def words(cut, outcome, failed, passed_over):
    """What came of it all, a line for every sound that is not where it should be."""
    lines = [
        "{} sounds placed, {} were there already, {} old ones removed.".format(
            outcome.placed, outcome.kept, outcome.removed
        )
    ]
    for cue, reason in outcome.dropped:
        when = frames.clock(cue.start, cut.rate)
        lines.append("Not as it should be: {} at {}: {}.".format(cue.caption, when, reason))
    lines += ["Not made: {} ({}): {}".format(f["clip"], f["caption"], f["reason"]) for f in failed]
    if passed_over:
        lines.append("{} clips stay silent; the log says why.".format(len(passed_over)))
    return "\n".join(lines)


def remove(timeline):
    """Takes the marker of an earlier report away."""
    timeline.DeleteMarkerByCustomData(CUSTOM_DATA)


def leave(timeline, text, is_good):
    """Leaves the text as a marker at the first free frame of the timeline."""
    remove(timeline)
    colour = "Green" if is_good else "Red"
    for frame in range(PLACES):
        if timeline.AddMarker(frame, colour, NAME, text, 1, CUSTOM_DATA):
            return
