"""Which stretch of which clip a marker captions.

A marker with a range captions that range. A marker on one frame captions the clip it stands on;
several of them split the clip, each from where it stands to the next, the first from the start.
What is said on a track, on a nest or on the timeline is said of the clip that is seen there.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.schema import Clip, Gap, GeneratorReference, Timeline

from diffava_foley.timeline.marks import Choice, Mark, marks_in, marks_on
from diffava_foley.timeline.placements import Layout, Placement, Scope


@dataclass(frozen=True)
class Cue:
    """What is to be heard from when to when; in seconds from the start of the timeline."""

    caption: str
    marker: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class Lost:
    """A caption under which there is no picture."""

    caption: str
    marker: str
    track: str
    start: Fraction
    end: Fraction
    reason: str


def find_cues(
    timeline: Timeline, layout: Layout, choice: Choice
) -> tuple[dict[int, tuple[Cue, ...]], list[Lost]]:
    """The cues of every placement, by its index, and the captions with no clip under them."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    lost: list[Lost] = []
    for index, placement in enumerate(layout.placements):
        found = list(marks_on(placement, choice))
        if isinstance(placement.item, Gap):
            lost.extend(_lost(mark, placement.track, "a gap has no picture") for mark in found)
        else:
            marks[index] += found
    for scope in layout.scopes:
        for mark in marks_in(scope, timeline, choice):
            under = list(_under(mark, layout, scope))
            for index, part in under:
                marks[index].append(part)
            if not under:
                track = layout.placements[scope.first].track if scope.name == "track" else ""
                lost.append(_lost(mark, track, "there is no clip under the marker"))
    return {index: _split(layout.placements[index], found) for index, found in marks.items()}, lost


def _lost(mark: Mark, track: str, reason: str) -> Lost:
    return Lost(mark.caption, mark.marker, track, mark.start, mark.end, reason)


def _split(placement: Placement, marks: list[Mark]) -> tuple[Cue, ...]:
    """What the marks on a clip say of which part of it, in order."""
    points = sorted({mark.start for mark in marks if mark.is_point})
    begins = [placement.start, *points[1:]]
    ends = [*points[1:], placement.end]
    stretches = {point: (begins[i], ends[i]) for i, point in enumerate(points)}
    cues = []
    for mark in marks:
        start, end = stretches[mark.start] if mark.is_point else (mark.start, mark.end)
        cues.append(Cue(mark.caption, mark.marker, start, end))
    once: dict[tuple[str, Fraction, Fraction], Cue] = {}
    for cue in cues:
        once.setdefault((cue.caption, cue.start, cue.end), cue)
    return tuple(sorted(once.values(), key=lambda cue: (cue.start, cue.end)))


def _under(mark: Mark, layout: Layout, scope: Scope) -> Iterator[tuple[int, Mark]]:
    """The clips that are seen under a marker, from the top layer down, each with its part of it."""
    open_spans = [(mark.start, mark.end)]
    for index in reversed(range(scope.first, scope.last)):
        placement = layout.placements[index]
        if not _has_picture(placement):
            continue
        if mark.is_point:
            if placement.start <= mark.start < placement.end:
                yield index, mark
                return
            continue
        still_open: list[tuple[Fraction, Fraction]] = []
        for start, end in open_spans:
            from_, to = max(start, placement.start), min(end, placement.end)
            if from_ < to:
                yield index, Mark(mark.caption, mark.marker, from_, to, mark.is_point)
                still_open += [(start, from_), (to, end)]
            else:
                still_open.append((start, end))
        open_spans = [(start, end) for start, end in still_open if start < end]


def _has_picture(placement: Placement) -> bool:
    """Whether what lies there covers what is under it; generators make titles and mattes."""
    item = placement.item
    return (
        isinstance(item, Clip)
        and placement.obstacle is None
        and not isinstance(item.media_reference, GeneratorReference)
    )
