"""A movie's picture, copied untouched, with a new sound."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from diffava_foley.errors import MediaError, OutputError
from diffava_foley.media.audio import Sound, read_audio
from diffava_foley.media.containers import open_media, picture_of, unreadable
from diffava_foley.media.cursor import Cursor
from diffava_foley.media.cuts import Cut, Packets, cut_packets
from diffava_foley.media.edits import end_picture
from diffava_foley.media.encoding import Encoding, add_sound, encoded
from diffava_foley.media.publish import NewFile, new_file
from diffava_foley.media.windows import sample_count

FALLBACK_RATE = 48_000
LAST_FRAMES = 16  # as many as any codec keeps to make others from


@dataclass(frozen=True)
class Wrapping:
    """A container to write, and the sound that goes well in it."""

    format: str
    sound: Encoding
    has_edit_lists: bool
    """Whether it can hide frames that are only there for others to be made from."""


WRAPPINGS = {
    ".mp4": Wrapping("mp4", Encoding("aac", "fltp"), True),
    ".m4v": Wrapping("mp4", Encoding("aac", "fltp"), True),
    ".mov": Wrapping("mov", Encoding("pcm_s24le", "s32", 24), True),
    ".mkv": Wrapping("matroska", Encoding("flac", "s32", 24), False),
    ".webm": Wrapping("webm", Encoding("libopus", "flt"), False),
}
# The other tags describe the old file, not the film.
KEPT_TAGS = {
    "timecode",
    "title",
    "artist",
    "copyright",
    "comment",
    "date",
    "creation_time",
    "language",
}


def mux(
    video: Path,
    sound: Path,
    output: Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    overwrite: bool = False,
) -> None:
    """Write a movie with the picture of ``video`` between two moments, and ``sound`` from there on.

    The picture is copied packet by packet, never encoded again; the sound the movie had is left
    out. Moments are in seconds from the first frame. A cut is exact to the frame or refused:
    between keyframes it takes an edit list, which .mp4 and .mov have.
    """
    wrapping = WRAPPINGS.get(output.suffix.lower())
    if wrapping is None:
        raise OutputError(f"{output}: cannot write such a movie; use {', '.join(WRAPPINGS)}")
    cut, delay = find_cut(video, start or Fraction(0), end)
    tone = _sound_for(wrapping.sound, sound, delay)
    with open_media(video) as movie:
        stream = picture_of(movie, video)
        tick = stream.time_base or Fraction(1, av.time_base)
        try:
            with new_file(output, overwrite=overwrite) as file:
                bounds = _write(movie, stream, cut, tone, wrapping, file)
                _make_exact(file, output, cut, bounds, tick, wrapping)
        except (av.FFmpegError, ValueError) as error:
            raise OutputError(
                f"{output}: cannot hold this {stream.codec_context.name} picture ({error});"
                " try .mov or .mkv"
            ) from error


def find_cut(video: Path, start: Fraction, end: Fraction | None) -> tuple[Cut, Fraction]:
    """Which frames to copy, and how long after the first of them the sound starts."""
    if start < 0 or (end is not None and end <= start):
        raise MediaError(f"{video}: a cut from {_text(start)} to {_text(end)} has no length")
    with open_media(video) as movie:
        stream = picture_of(movie, video)
        if movie.format.name == "avi" and stream.codec_context.has_b_frames:
            raise MediaError(f"{video}: an AVI does not time such frames; convert it to .mp4 first")
        cursor = Cursor(movie, stream, video)
        cursor.at(start)
        if start and cursor.ended and start >= cursor.position_end:
            raise MediaError(f"{video}: the picture ends before {_text(start)}")
        delay = start - cursor.position
        if delay < (stream.time_base or 0):  # the file's own rounding
            delay = Fraction(0)
        ends = [] if end is None else [cursor.ticks_from(end)]
        ends += _end_of_edit(stream, cursor.origin)
        return Cut(cursor.ticks, min(ends, default=None), is_whole=not start), delay


def _end_of_edit(stream: VideoStream, origin: int) -> list[int]:
    """Where an edit list of the movie itself ends its picture, if it does."""
    last = stream.index_entries[-LAST_FRAMES:]
    if stream.duration and any(entry.is_discard for entry in last):
        return [origin + stream.duration]
    return []


class Bounds:
    """The first and last moment shown by the packets that went by, in ticks."""

    def __init__(self) -> None:
        self.earliest: int | None = None
        self.latest: int | None = None

    def watch(self, packets: Packets) -> Packets:
        """The same packets."""
        for packet in packets:
            if packet.pts is not None:
                self.earliest = min(
                    packet.pts, packet.pts if self.earliest is None else self.earliest
                )
                self.latest = max(packet.pts, packet.pts if self.latest is None else self.latest)
            yield packet


def _write(
    movie: InputContainer,
    stream: VideoStream,
    cut: Cut,
    tone: Sound,
    wrapping: Wrapping,
    file: NewFile,
) -> Bounds:
    """Write the movie and say which moments its packets span."""
    bounds = Bounds()
    with av.open(file, "w", format=wrapping.format) as copy:
        picture = _add_picture(copy, movie, stream, is_whole=cut.is_whole)
        voice = add_sound(copy, wrapping.sound, tone.samples.shape[0], tone.sample_rate)
        untouched = _readable(cut_packets(movie, stream, cut), Path(movie.name))
        pictures = bounds.watch(_shifted(untouched, picture, cut.first))
        sounds = encoded(voice, (tone.samples,), wrapping.sound)
        streams: tuple[Iterator[av.Packet[Any]], ...] = (pictures, sounds)
        for packet in heapq.merge(*streams, key=_time):
            copy.mux(packet)
    return bounds


def _make_exact(
    file: NewFile, output: Path, cut: Cut, bounds: Bounds, tick: Fraction, wrapping: Wrapping
) -> None:
    """Hide what lies outside the cut, or refuse."""
    if bounds.earliest is None or bounds.latest is None:
        raise MediaError(f"{output}: there is no picture in this stretch of the movie")
    length = None if cut.end is None else cut.end - cut.first
    runs_over = length is not None and bounds.latest >= length
    exact = wrapping.has_edit_lists or (bounds.earliest >= 0 and not runs_over)
    if exact and runs_over and length is not None:
        exact = end_picture(file, length * tick)
    if not exact:
        raise OutputError(
            f"{output}: a cut between keyframes cannot be exact in {output.suffix};"
            " write .mp4 or .mov, or the whole movie"
        )


def _add_picture(
    copy: OutputContainer, movie: InputContainer, stream: VideoStream, *, is_whole: bool
) -> VideoStream:
    picture = copy.add_stream_from_template(stream, opaque=True)
    for new, old in ((copy, movie), (picture, stream)):
        tags = {key: value for key, value in old.metadata.items() if key.lower() in KEPT_TAGS}
        new.metadata.update(tags)
    if not is_whole:
        copy.metadata.pop("timecode", None)
        picture.metadata.pop("timecode", None)
    if stream.codec_context.name == "hevc" and copy.format.name in ("mp4", "mov"):
        picture.codec_context.codec_tag = "hvc1"  # QuickTime plays no other
    return picture


def _readable(packets: Packets, path: Path) -> Packets:
    """The same packets; when they cannot be read on, it is the old file that is to blame."""
    try:
        yield from packets
    except av.FFmpegError as error:
        raise unreadable(path, error) from error


def _shifted(packets: Packets, picture: VideoStream, first: int) -> Packets:
    """The same packets, for another stream, with zero at the first frame."""
    for packet in packets:
        if packet.pts is not None and packet.dts is not None:
            packet.pts -= first
            packet.dts -= first
        packet.stream = picture
        yield packet


def _sound_for(encoding: Encoding, sound: Path, delay: Fraction) -> Sound:
    """The sound at a rate that the encoder takes, after so much silence."""
    tone = read_audio(sound)
    rates = av.Codec(encoding.codec, "w").audio_rates
    if rates and tone.sample_rate not in rates:
        tone = read_audio(sound, sample_rate=FALLBACK_RATE)
    silence = sample_count(delay, tone.sample_rate)
    return Sound(np.pad(tone.samples, ((0, 0), (silence, 0))), tone.sample_rate)


def _time(packet: "av.Packet[Any]") -> Fraction:
    ticks = packet.pts if packet.dts is None else packet.dts
    return (ticks or 0) * packet.time_base


def _text(moment: Fraction | None) -> str:
    return "the end" if moment is None else f"{float(moment):.3f} s"
