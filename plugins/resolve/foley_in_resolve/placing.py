"""The takes on their tracks: each placed by itself, read back, and told if Resolve dropped it."""

import os
from typing import Any, List, NamedTuple, Tuple

from . import frames, pool, tracks
from .sheet import Cue

AUDIO_ONLY = 2


class Outcome(NamedTuple):
    """What came of a sheet."""

    placed: int
    kept: int
    """Sounds that lay there already, with all that the user did to them."""
    removed: int
    dropped: List[Tuple[Cue, str]]
    """What is not there as it should be, and why."""


class Placed(NamedTuple):
    """A sound of ours on the timeline."""

    item: Any
    track: str
    start: int
    """The frame from the timeline's start."""
    frames: int
    path: str
    """As paths compare."""


def place(cut, sheet, folder, show):
    """The outcome of putting a sheet's sounds where they belong, and ours from before away.

    ``show(text, done, total)`` is called as it goes on. What cannot be imported leaves everything
    as it was.
    """
    tracks.check_unlocked(cut)
    show("Importing the sounds", 0, len(sheet.cues))
    clips = pool.import_takes(cut, [take for cue in sheet.cues for take in cue.takes])
    missing = [cue for cue in sheet.cues if pool.same(cue.takes[0]) not in clips]
    dropped = [(cue, "Resolve did not import " + cue.takes[0]) for cue in missing]
    if len(missing) == len(sheet.cues):
        return Outcome(0, 0, 0, dropped)
    there = on_the_timeline(cut, folder)
    kept = [old for old in there if any(_is(old, cue) for cue in sheet.cues)]
    removed = _remove(cut, [old for old in there if old not in kept], folder)
    numbers = tracks.add_missing(cut, sheet.tracks)
    placed = 0
    for done, cue in enumerate(sheet.cues):
        show("Placing " + cue.caption, done, len(sheet.cues))
        if cue in missing or any(_is(old, cue) for old in kept):
            continue
        reason = _put(cut, numbers[cue.track], clips[pool.same(cue.takes[0])], cue, sheet.rate)
        placed += reason is None
        if reason is not None:
            dropped.append((cue, reason))
    return Outcome(placed, len(kept), removed, dropped)


def on_the_timeline(cut, folder):
    """Our sounds on our tracks; what anybody else put there is not among them."""
    return [
        Placed(
            item,
            name,
            frames.whole(item.GetStart()) - cut.start,
            frames.whole(item.GetDuration()),
            pool.path_of(item.GetMediaPoolItem()),
        )
        for name, number in tracks.ours(cut).items()
        for item in tracks.items(cut, number)
        if _is_ours(pool.path_of(item.GetMediaPoolItem()), folder)
    ]


def _is_ours(path, folder):
    return path is not None and path.startswith(pool.same(folder) + os.sep)


def _is(old, cue):
    """Whether a sound on the timeline is what a cue asks for, in any of its takes."""
    place = (old.track, old.start, old.frames) == (cue.track, cue.start, cue.frames)
    return place and old.path in [pool.same(take) for take in cue.takes]


def _remove(cut, old, folder):
    if not old:
        return 0
    before = len(on_the_timeline(cut, folder))
    cut.timeline.DeleteClips([sound.item for sound in old], False)
    return before - len(on_the_timeline(cut, folder))


def _put(cut, track, clip, cue, rate):
    """Why a sound is not on the timeline as it should be; None if it is."""
    start, reason = cut.start + cue.start, None
    choices = _choices(clip, cue, rate)
    for number, choice in enumerate(choices, 1):
        before = [_span(item) for item in tracks.items(cut, track)]
        info = {"mediaPoolItem": clip, "mediaType": AUDIO_ONLY, "trackIndex": track}
        cut.pool.AppendToTimeline([dict(info, recordFrame=start, **choice)])
        new = [item for item in tracks.items(cut, track) if _span(item) not in before]
        reason = _fault(cut, track, new, cue, start)
        if reason is None:
            return None
        if number == len(choices) and any(_span(item)[0] == start for item in new):
            return reason  # rather a little short than not at all
        if new:
            cut.timeline.DeleteClips(new, False)
    return reason


def _choices(clip, cue, rate):
    """What to ask Resolve for: the whole file if it has the right length, then so many frames.

    A sound file has no frames; Resolve counts it in a rate of its own, often 24. An exclusive
    endFrame in that rate may be a frame short on the timeline, and is therefore tried last.
    """
    choices = [] if cue.head or cue.tail else [{}]
    source_rate = frames.rate_of(clip.GetClipProperty("FPS"))
    if source_rate is not None:
        first = frames.whole(cue.head * source_rate / rate)
        length = frames.source_length(cue.frames, rate, source_rate)
        choices.append({"startFrame": first, "endFrame": first + length})
    return choices or [{}]


def _span(item):
    return frames.whole(item.GetStart()), frames.whole(item.GetEnd())


def _fault(cut, track, new, cue, start):
    end = start + cue.frames
    if (start, end) in [_span(item) for item in new]:
        return None
    if new:
        from_, to = _span(new[0])
        if from_ != start:
            return "Resolve put it {} frames beside its picture".format(abs(from_ - start))
        return "it is {} frames long instead of {}".format(to - from_, cue.frames)
    for item in tracks.items(cut, track):
        from_, to = _span(item)
        if from_ < end and start < to:
            return "{} lies in its place".format(item.GetName())
    return "Resolve dropped it and gave no reason"
