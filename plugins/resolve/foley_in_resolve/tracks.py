"""The foley tracks: found by their names, or added."""

import re

from .problems import Problem

NAME = "DiffAVA Foley"
OURS = re.compile(NAME + r"( \d+)?\Z")
AUDIO = "audio"
KIND = "stereo"
"""A stereo track plays mono and stereo sounds as they are; Resolve's default is mono."""


def ours(cut):
    """The numbers of our tracks by name, as they are now."""
    count = cut.timeline.GetTrackCount(AUDIO) or 0
    names = ((number, cut.timeline.GetTrackName(AUDIO, number)) for number in range(1, count + 1))
    return {name: number for number, name in names if OURS.match(name or "")}


def add_missing(cut, names):
    """The numbers of the tracks with these names, those that were missing added below."""
    for name in names:
        if name not in ours(cut):
            _add(cut, name)
    return ours(cut)


def check_unlocked(cut):
    """Refuses locked tracks: Resolve places nothing on them and says nothing."""
    for name, number in ours(cut).items():
        if cut.timeline.GetIsTrackLocked(AUDIO, number):
            raise Problem(
                "The track {} is locked; unlock it and start this again. Nothing was"
                " changed.".format(name)
            )


def switched_off(cut):
    """The names of our tracks that are not heard."""
    numbers = ours(cut).items()
    return [name for name, n in numbers if not cut.timeline.GetIsTrackEnabled(AUDIO, n)]


def items(cut, number):
    """What lies on a track now; without objects that answer nothing."""
    listed = cut.timeline.GetItemListInTrack(AUDIO, number) or []
    return [item for item in listed if item.GetStart() is not None]


def _add(cut, name):
    before = cut.timeline.GetTrackCount(AUDIO) or 0
    cut.timeline.AddTrack(AUDIO, KIND)
    number = cut.timeline.GetTrackCount(AUDIO) or 0
    if number != before + 1 or not cut.timeline.SetTrackName(AUDIO, number, name):
        raise Problem("Resolve would not add the audio track {}.".format(name))
