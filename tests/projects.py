"""A small cut over drawn pictures, as an editor would leave it."""

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from media.drawing import Clip, draw
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24
CAPTIONS = ("a glass breaks", "rain falls", "a dog barks")
LENGTHS = (24, 30, 18)
GAP = 12
"""frames before the first clip, and between any two"""


def make_project(folder: Path, captions: tuple[str | None, ...] = CAPTIONS) -> Path:
    """The timeline of a cut with one marked clip a caption; None leaves a clip unmarked.

    Clip ``n`` is cut from frame ``n`` of its own movie ``n.mp4``, and all begin after a gap.
    """
    folder.mkdir(parents=True, exist_ok=True)
    timeline = otio.schema.Timeline("cut")
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for number, (caption, length) in enumerate(zip(captions, LENGTHS, strict=False)):
        movie = draw(folder / f"{number}.mp4", Clip(rate=Fraction(RATE), frames=48, group=12))
        track.append(otio.schema.Gap(source_range=span(0, GAP)))
        track.append(_clip(movie, number, length, caption))
    path = folder / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def span(start: int, length: int) -> TimeRange:
    """A range in frames."""
    return TimeRange(RationalTime(start, RATE), RationalTime(length, RATE))


def starts() -> list[Fraction]:
    """Where the clips begin, in seconds."""
    return [Fraction(GAP * (n + 1) + sum(LENGTHS[:n]), RATE) for n in range(len(LENGTHS))]


def set_caption(timeline: Path, clip: int, caption: str) -> None:
    """Rewrites the words in the marker of one clip."""
    cut = otio.adapters.read_from_file(str(timeline))
    cut.find_clips()[clip].markers[0].comment = caption
    otio.adapters.write_to_file(cut, str(timeline))


def _clip(movie: Path, start: int, length: int, caption: str | None) -> otio.schema.Clip:
    reference = otio.schema.ExternalReference(movie.name, span(0, 48))
    clip = otio.schema.Clip(movie.stem, reference, span(start, length))
    if caption is not None:
        marker = otio.schema.Marker("foley", span(start, 1), otio.schema.MarkerColor.GREEN)
        marker.comment = caption
        clip.markers.append(marker)
    return clip
