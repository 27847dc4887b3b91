"""Other programs' timelines, through OpenTimelineIO's adapters: the extra ``formats``.

The adapters are other people's, each with its own idea of a timeline. What one of them would get
wrong without a word is put right here, or refused.
"""

import contextlib
import io
import logging
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio
from opentimelineio.core import Item, SerializableObject
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Gap, Timeline

from diffava_foley.errors import OutputError, TimelineError
from diffava_foley.media.timecode import timecode_to_frames

logger = logging.getLogger(__name__)

EXTRA = "pip install 'diffava-foley[formats]'"
NAMES = {
    ".xml": "Final Cut Pro 7 and Premiere XML",
    ".fcpxml": "Final Cut Pro XML",
    ".edl": "EDL",
    ".aaf": "AAF",
    ".kdenlive": "Kdenlive",
}
WRITTEN_TIME = re.compile(r"\b\d\d:\d\d:\d\d([:;.,])(\d\d)\b")
DROPPING_LOCATOR = re.compile(r"^(\*\s*LOC:\s*)(\d\d:\d\d:\d\d;\d\d)", re.MULTILINE)
FRAME_DURATION = re.compile(r'frameDuration="(\d+)/(\d+)s"')
NTSC_30 = Fraction(30000, 1001)
MIX = {
    "mlt_service": "mix",
    "kdenlive_id": "mix",
    "internal_added": "237",
    "always_active": "1",
    "accepts_blanks": "1",
    "sum": "1",
    "a_track": "0",
}
"""How one of Kdenlive's audio tracks joins the others; 237 is its mark for what it adds itself."""


def readable() -> frozenset[str]:
    """The endings that can be read here: OpenTimelineIO's own and those of installed adapters."""
    return frozenset(f".{name}" for name in otio.adapters.suffixes_with_defined_adapters(read=True))


def writable() -> frozenset[str]:
    """The endings that can be written here."""
    names = otio.adapters.suffixes_with_defined_adapters(write=True)
    return frozenset(f".{name}" for name in names)


def why_not_written(suffix: str) -> str | None:
    """Why no timeline with foley is written with this ending; None if it is."""
    if suffix == ".edl":
        return "an EDL holds no sound of its own; write .otio or .xml"
    if suffix in writable():
        return None
    return missing(suffix) or "a new timeline ends in .otio, .otioz or .otiod"


def missing(suffix: str) -> str | None:
    """What to do about a format that only lacks its adapter; None for one that nobody knows."""
    name = NAMES.get(suffix)
    return None if name is None else f"{name} needs an adapter that is not installed: {EXTRA}"


def read(path: Path, rate: Fraction | None) -> SerializableObject:
    """What a format's adapter makes of a file; ``rate`` is that of an EDL, which has none."""
    suffix = path.suffix.lower()
    if suffix == ".fcpxml":
        _refuse_ntsc(path)
    with _quietly():
        if suffix == ".edl":
            return _read_edl(path, rate)
        root = otio.adapters.read_from_file(str(path))
    if suffix == ".xml":
        _switch_off(root)
    return root


def write(timeline: Timeline, path: Path, folders: Sequence[Path]) -> None:
    """Writes a timeline with a format's adapter; raises whatever the adapter raises.

    These formats know no relative links: files that are in one of the folders get whole ones.
    """
    suffix = path.suffix.lower()
    for clip in timeline.find_clips():
        for reference in clip.media_references().values():
            if link := getattr(reference, "target_url", None):
                reference.target_url = _whole_link(link, suffix, folders)
    options: dict[str, Any] = {}
    if suffix == ".fcpxml":
        _refuse_broken_rates(timeline, path)
    if suffix == ".aaf":
        options["use_empty_mob_ids"] = True
    if suffix == ".kdenlive":
        timeline = _counted_from_zero(timeline)
    with _quietly():
        otio.adapters.write_to_file(timeline, str(path), **options)
    if suffix == ".kdenlive":
        _sound_together(path)


def _whole_link(link: str, suffix: str, folders: Sequence[Path]) -> str:
    """The link as programs of a format write it, if it is a plain path to a file that is here."""
    found = (folder / link for folder in folders)
    path = next((place for place in found if "://" not in link and place.is_file()), None)
    if path is None:
        return link
    if suffix == ".kdenlive":
        return str(path.absolute())
    address = path.absolute().as_uri()
    return address.replace("file:///", "file://localhost/", 1) if suffix == ".xml" else address


def _read_edl(path: Path, rate: Fraction | None) -> SerializableObject:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if rate is None:
        rate = _rate_of_edl(text)
        logger.warning(
            "%s: an EDL does not say its frame rate; read at %.5g, or give --fps", path, rate
        )
    text = DROPPING_LOCATOR.sub(_without_drops, text)
    root = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))
    if isinstance(root, Timeline):
        _start_at_record_time(root)
    return root


def _rate_of_edl(text: str) -> Fraction:
    """The rate that the frame numbers in an EDL allow; it says itself only whether it drops any."""
    times = WRITTEN_TIME.findall(text)
    if re.search(r"^FCM:\s*DROP", text, re.MULTILINE) or any(mark == ";" for mark, _ in times):
        return NTSC_30
    highest = max((int(frames) for _, frames in times), default=0)
    return Fraction(next(rate for rate in (24, 25, 30, 48, 50, 60, 100) if highest < rate))


def _without_drops(match: re.Match[str]) -> str:
    """A locator at the same frame, in the only timecode that the adapter takes for one."""
    frames = timecode_to_frames(match[2], NTSC_30)
    if frames is None:
        return match[0]
    seconds, frame = divmod(frames, 30)
    minutes, second = divmod(seconds, 60)
    return f"{match[1]}{minutes // 60:02}:{minutes % 60:02}:{second:02}:{frame:02}"


def _switch_off(root: SerializableObject) -> None:
    """Disable what Premiere's and Final Cut's XML calls disabled; the adapter only notes it."""
    for item in root.find_children() if hasattr(root, "find_children") else ():
        noted = item.metadata.get("fcp_xml")
        if isinstance(item, Item) and hasattr(noted, "get"):
            item.enabled = str(noted.get("enabled", "TRUE")).upper() != "FALSE"


def _refuse_ntsc(path: Path) -> None:
    """The adapter reads 1001/30000s as 29 frames a second, and every time after it wrongly."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for duration, scale in FRAME_DURATION.findall(text):
        if int(duration) and int(scale) % int(duration):
            rate = int(scale) / int(duration)
            raise TimelineError(
                f"{path}: the adapter for Final Cut Pro XML cannot count {rate:.3f} frames a "
                "second; take the timeline through an editor that exports OTIO"
            )


def _refuse_broken_rates(timeline: Timeline, path: Path) -> None:
    for clip in timeline.find_clips():
        rate = clip.duration().rate
        if rate != int(rate):
            raise OutputError(
                f"{path}: the adapter for Final Cut Pro XML cannot count {rate:.3f} frames a "
                "second; write .otio or .xml"
            )


def _start_at_record_time(timeline: Timeline) -> None:
    """Give an EDL's timeline the record timecode at which it begins.

    The adapter leaves it in the tracks as a trim, which would cut the end off.
    """
    starts = [
        -track.source_range.start_time
        for track in timeline.tracks
        if track.source_range is not None and track.source_range.start_time.value <= 0
    ]
    if not starts or len(starts) != len(timeline.tracks):
        return
    first = min(starts)
    for track, start in zip(timeline.tracks, starts, strict=True):
        track.source_range = None
        if start > first:
            track.insert(0, Gap(source_range=TimeRange(first - first, start - first)))
    if timeline.global_start_time is None:
        timeline.global_start_time = first


def _counted_from_zero(timeline: Timeline) -> Timeline:
    """A copy in which clips count from their media's first frame, as Kdenlive's adapter does."""
    copy: Timeline = timeline.deepcopy()
    for clip in copy.find_clips():
        available = clip.media_reference.available_range
        if available is None or not available.start_time.value:
            continue
        start = available.start_time
        for reference in clip.media_references().values():
            if reference.available_range is not None:
                reference.available_range = _moved(reference.available_range, start)
        if clip.source_range is not None:
            clip.source_range = _moved(clip.source_range, start)
        for marker in clip.markers:
            marker.marked_range = _moved(marker.marked_range, start)
    return copy


def _moved(span: TimeRange, by: RationalTime) -> TimeRange:
    return TimeRange(span.start_time - by, span.duration)


def _sound_together(project: Path) -> None:
    """Add to a Kdenlive project what its adapter leaves out: that its audio tracks are mixed.

    Kdenlive itself does so as it opens one; any other player of MLT hears one track at a time.
    """
    tree = ElementTree.parse(project)
    *tracks, whole = tree.findall("tractor")
    is_audio = "property[@name='kdenlive:audio_track']"
    audio = {track.get("id") for track in tracks if track.find(is_audio) is not None}
    for place, track in enumerate(whole.findall("track")):
        if track.get("producer") in audio:
            mix = ElementTree.SubElement(whole, "transition", id=f"mix{place}")
            for name, value in (MIX | {"b_track": str(place)}).items():
                ElementTree.SubElement(mix, "property", name=name).text = value
    tree.write(project, encoding="utf-8", xml_declaration=True)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """What an adapter prints goes to the log: standard output may be read by a program."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            yield
    finally:
        if words := " ".join(said.getvalue().split()):
            logger.debug("an adapter says: %s", words)
