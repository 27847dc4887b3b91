"""A stand-in for DaVinci Resolve's scripting objects, as others have measured them.

No Resolve was run for it. Each behaviour names who reported it:

- **[README]** Blackmagic Design's own README of the scripting API (May 2026, Resolve 21).
- **[truth]** davinci-resolve-mcp, ``src/utils/api_truth.py`` and its issues (Studio 19.1 to 21.0).
- **[ayon]** ynput/ayon-resolve, ``lib.py``.
- **[subs]** tmoroney/auto-subs, ``autosubs_core.lua``.
- **[yeet]** the YEETingus note on Resolve 21.1 Free, September 2026.
- **[hush]** the Lua script of Hush for Resolve Free.
- **[guess]** nobody's word; a test that leans on it says so.

What it does not have: anything that the plugin does not call, ripple, linked clips, subframes.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import opentimelineio as otio
import soundfile
from opentimelineio.opentime import RationalTime

START = 86400
"""01:00:00:00 at 24, the start timecode Resolve gives a timeline [README]."""


class Scripted:
    """An API object: every name exists on it, and one that means nothing is None [truth]."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return None


class Constant:
    """A live value such as EXPORT_OTIO, which no string stands for [truth]."""


@dataclass
class Clip(Scripted):
    """A MediaPoolItem."""

    path: Path
    fps: str = "24"
    """A sound file has no rate: 24 on any timeline [truth PR 144], or the project's."""

    def GetName(self) -> str:
        return self.path.name

    def GetClipProperty(self, key: str) -> str:
        return {"File Path": str(self.path), "FPS": self.fps}.get(key, "")

    @property
    def seconds(self) -> Fraction:
        info = soundfile.info(str(self.path))
        return Fraction(info.frames, info.samplerate)


@dataclass
class Item(Scripted):
    """A TimelineItem; a dead one answers None to everything [truth]."""

    clip: Clip | None
    start: int
    length: int
    name: str = ""
    dead: bool = False
    source_start: int = 0
    """The first frame of the source, in the source's frames."""

    def GetStart(self) -> int | None:
        return None if self.dead else self.start

    def GetEnd(self) -> int | None:
        """Exclusive [truth]."""
        return None if self.dead else self.start + self.length

    def GetDuration(self) -> int | None:
        return None if self.dead else self.length

    def GetName(self) -> str | None:
        return None if self.dead else self.name or (self.clip.GetName() if self.clip else "")

    def GetMediaPoolItem(self) -> Clip | None:
        return None if self.dead else self.clip


@dataclass
class Track:
    """Not an API object: tracks are only numbers there [README]."""

    kind: str
    name: str
    subtype: str = "mono"
    items: list[Item] = field(default_factory=list)
    locked: bool = False
    enabled: bool = True


@dataclass
class Timeline(Scripted):
    """A timeline that was drawn from an OpenTimelineIO file, and exports it."""

    name: str
    source: Path | None = None
    rate: str = "24"
    """As GetSetting says it: 24, 23.976, 29.97 DF [README: strings]."""
    exact_rate: Fraction = Fraction(24)
    tracks: list[Track] = field(default_factory=list)
    markers: dict[int, dict[str, Any]] = field(default_factory=dict)
    timecode: str = "01:00:00:00"
    exports: bool = True
    adds_tracks: bool = True
    drops: set[int] = field(default_factory=set)
    """Record frames at which Resolve places nothing and says nothing."""
    whole_file_is_short: bool = False
    """Whether a file without start and end comes a frame short [guess]."""
    moves: int = 0
    """Frames by which Resolve places beside the record frame [guess]."""

    def __post_init__(self) -> None:
        if self.source is None:
            return
        cut = otio.adapters.read_from_file(str(self.source))
        for track in cut.video_tracks():
            items = [
                Item(None, START + int(span.start_time.value), int(span.duration.value), clip.name)
                for clip in track.find_clips()
                for span in [clip.range_in_parent()]
            ]
            self.tracks.append(Track("video", track.name, "", items))
        self.tracks.append(Track("audio", "Audio 1"))

    def of(self, kind: str) -> list[Track]:
        return [track for track in self.tracks if track.kind == kind]

    def track(self, name: str) -> Track:
        return next(track for track in self.tracks if track.name == name)

    def GetName(self) -> str:
        return self.name

    def GetUniqueId(self) -> str:
        return f"4f3a12c{len(self.name)}-89ab"

    def GetStartFrame(self) -> int:
        return START

    def GetSetting(self, key: str) -> str:
        return self.rate if key == "timelineFrameRate" else ""

    def Export(self, path: str, kind: object, _subtype: object = None) -> bool:
        """A string for a kind is refused, and so is a folder that is not there [truth]."""
        if not self.exports or kind is not Resolve.EXPORT_OTIO or not Path(path).parent.is_dir():
            return False
        assert self.source is not None
        cut = otio.adapters.read_from_file(str(self.source))
        cut.name = self.name
        cut.global_start_time = RationalTime(START, float(self.exact_rate))
        for clip in cut.find_clips():  # Resolve writes absolute paths, bare [13 exported files]
            url = clip.media_reference.target_url
            clip.media_reference.target_url = str(self.source.parent / url)
        otio.adapters.write_to_file(cut, path)
        return True

    def GetTrackCount(self, kind: str) -> int:
        return len(self.of(kind))

    def GetTrackName(self, kind: str, number: int) -> str:
        return self.of(kind)[number - 1].name

    def SetTrackName(self, kind: str, number: int, name: str) -> bool:
        self.of(kind)[number - 1].name = name
        return True

    def AddTrack(self, kind: str, subtype: str = "mono") -> bool:
        """At the end, mono unless asked otherwise [README]."""
        if self.adds_tracks:
            number = len(self.of(kind)) + 1
            self.tracks.append(Track(kind, f"{kind.title()} {number}", subtype))
        return self.adds_tracks

    def GetIsTrackLocked(self, kind: str, number: int) -> bool:
        return self.of(kind)[number - 1].locked

    def GetIsTrackEnabled(self, kind: str, number: int) -> bool:
        return self.of(kind)[number - 1].enabled

    def GetItemListInTrack(self, kind: str, number: int) -> list[Item]:
        return list(self.of(kind)[number - 1].items)

    def DeleteClips(self, items: list[Item], _ripple: bool = False) -> bool:
        """Items on a locked track stay [guess, after auto-subs' appends]."""
        for track in self.tracks:
            if not track.locked:
                track.items = [item for item in track.items if item not in items]
        return True

    def AddMarker(
        self, frame: int, colour: str, name: str, note: str, duration: int, custom: str = ""
    ) -> bool:
        """Counted from the timeline's start; one frame holds one marker [README]."""
        if frame in self.markers:
            return False
        self.markers[frame] = {"color": colour, "name": name, "note": note, "customData": custom}
        return True

    def DeleteMarkerByCustomData(self, custom: str) -> bool:
        found = [frame for frame, mark in self.markers.items() if mark["customData"] == custom]
        for frame in found[:1]:
            del self.markers[frame]
        return bool(found)

    def GetCurrentTimecode(self) -> str:
        return self.timecode

    def SetCurrentTimecode(self, timecode: str) -> bool:
        self.timecode = timecode
        return True


@dataclass
class Folder(Scripted):
    """A bin."""

    name: str
    folders: list["Folder"] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)

    def GetName(self) -> str:
        return self.name

    def GetSubFolderList(self) -> list["Folder"]:
        return list(self.folders)

    def GetClipList(self) -> list[Clip]:
        return list(self.clips)


@dataclass
class MediaPool(Scripted):
    """The media of a project."""

    project: "Project"
    root: Folder = field(default_factory=lambda: Folder("Master"))
    current: Folder | None = None
    refused: tuple[str, ...] = ()
    """Files with this in their names are not imported, without a word."""
    sound_fps: str = "24"

    def GetRootFolder(self) -> Folder:
        return self.root

    def GetCurrentFolder(self) -> Folder:
        return self.current or self.root

    def SetCurrentFolder(self, folder: Folder) -> bool:
        self.current = folder
        return True

    def AddSubFolder(self, parent: Folder, name: str) -> Folder:
        parent.folders.append(Folder(name))
        return parent.folders[-1]

    def ImportMedia(self, paths: list[str]) -> list[Clip]:
        """Always into the current folder [README, truth]."""
        there = [Path(p) for p in paths if Path(p).is_file()]
        taken = [p for p in there if not any(word in p.name for word in self.refused)]
        clips = [Clip(path, self.sound_fps) for path in taken]
        self.GetCurrentFolder().clips.extend(clips)
        return [Clip(clip.path) for clip in clips]  # not the ones that append [Taperat, in yeet]

    def AppendToTimeline(self, infos: list[dict[str, Any]]) -> list[Item] | None:
        """On the current timeline, wherever the script thinks it is."""
        numbers = [value for info in infos for value in info.values() if isinstance(value, float)]
        if any(number != int(number) for number in numbers):
            return None  # the whole batch [yeet: Resolve 21]
        timeline = self.project.timeline
        assert timeline is not None
        timeline.timecode = "01:59:59:00"  # the playhead moves [hush]
        return [item for info in infos for item in self._append(timeline, info)]

    def _append(self, timeline: Timeline, info: dict[str, Any]) -> list[Item]:
        clip, number = info["mediaPoolItem"], int(info["trackIndex"])
        tracks = timeline.of({1: "video", 2: "audio"}[int(info["mediaType"])])
        in_the_pool = any(clip is one for one in self._all(self.root))
        if number > len(tracks) or tracks[number - 1].locked or not in_the_pool:
            return []  # no error [subs]
        start = (
            int(info["recordFrame"]) + timeline.moves
        )  # absolute, start timecode included [truth]
        length = self._length(timeline, clip, info)
        item = Item(clip, start, length, source_start=int(info.get("startFrame", 0)))
        others = tracks[number - 1].items
        overlaps = any(o.start < start + length and start < o.start + o.length for o in others)
        if overlaps or start in timeline.drops:  # the earlier one stays [truth, ayon]
            return [Item(clip, start, length, dead=True)]
        others.append(item)
        others.sort(key=lambda one: one.start)
        return [item]

    def _length(self, timeline: Timeline, clip: Clip, info: dict[str, Any]) -> int:
        if "endFrame" not in info:  # the whole file [hush does so]; its exact length is a [guess]
            return round(clip.seconds * timeline.exact_rate) - timeline.whole_file_is_short
        wanted = int(info["endFrame"]) - int(info["startFrame"])  # endFrame is exclusive [truth]
        rate = {"23.976": Fraction(24000, 1001)}.get(clip.fps) or Fraction(clip.fps)
        return floor(wanted * timeline.exact_rate / rate)  # rounded down [truth]

    def _all(self, folder: Folder) -> list[Clip]:
        return folder.clips + [clip for sub in folder.folders for clip in self._all(sub)]

    def ImportTimelineFromFile(self, path: str, options: dict[str, Any]) -> Timeline | None:
        """None for a name that is taken, an unsaved project, or another shape [truth]."""
        taken = [timeline.name for timeline in self.project.timelines]
        if not self.project.saved or options["timelineName"] in taken or not _fits(path):
            return None
        self.project.timelines.append(Timeline(options["timelineName"], Path(path)))
        return self.project.timelines[-1]


@dataclass
class Project(Scripted):
    """An open project."""

    timelines: list[Timeline]
    timeline: Timeline | None = None
    saved: bool = True
    pool: MediaPool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = MediaPool(self)

    def GetCurrentTimeline(self) -> Timeline | None:
        return self.timeline

    def SetCurrentTimeline(self, timeline: Timeline) -> bool:
        self.timeline = timeline
        return timeline in self.timelines

    def GetMediaPool(self) -> MediaPool:
        return self.pool

    def GetTimelineCount(self) -> int:
        return len(self.timelines)

    def GetTimelineByIndex(self, number: int) -> Timeline:
        return self.timelines[number - 1]


@dataclass
class Manager(Scripted):
    """The ProjectManager."""

    project: Project | None

    def GetCurrentProject(self) -> Project | None:
        return self.project


class Resolve(Scripted):
    """The application."""

    EXPORT_OTIO = Constant()
    EXPORT_NONE = Constant()

    def __init__(self, project: Project | None, edition: str = "DaVinci Resolve Studio") -> None:
        self.project = project
        self.edition = edition
        self.asked_for_windows = False

    def GetProductName(self) -> str:
        return self.edition

    def GetProjectManager(self) -> Manager:
        return Manager(self.project)

    def Fusion(self) -> None:
        """On Free, asking for windows opens a notice after which other calls fail [truth]."""
        self.asked_for_windows = True


def _fits(path: str) -> bool:
    """Whether a file has the form that Resolve took back [truth: Studio 19.1.3]."""
    cut = otio.adapters.read_from_file(path)
    for clip in cut.find_clips():
        for reference in clip.media_references().values():
            there, used = reference.available_range, clip.source_range
            if there is None or used.start_time < there.start_time:
                return False
            if used.end_time_exclusive() > there.end_time_exclusive():
                return False
    return True
