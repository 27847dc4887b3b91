"""What a source is: its size, rate, length and timecode."""

import logging
import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from diffava_foley.errors import NoPicture
from diffava_foley.media.containers import open_image, open_media, picture_of, unreadable
from diffava_foley.media.cursor import Cursor
from diffava_foley.media.frames import Shape, shape_of
from diffava_foley.media.sources import MovieSource, Source, StillSource
from diffava_foley.media.timecode import timecode_to_seconds
from diffava_foley.media.windows import snap_rate

logger = logging.getLogger(__name__)

CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")

# The headers of these estimate their length from the bit rate, or have none.
UNTRUSTED_LENGTHS = ("mpeg", "mpegts", "wtv")
FIRST_PACKETS = 64
LAST_SECONDS = 2


@dataclass(frozen=True)
class VideoInfo:
    """A source as a viewer sees it; times in seconds from its first frame."""

    width: int
    """Pixels across, upright and square."""
    height: int
    """Pixels down, upright and square."""
    frame_rate: Fraction | None
    """Frames a second, on average if they vary; None for a still."""
    duration: Fraction | None
    """None for a still, which has no end."""
    frame_count: int | None
    """None if the file does not say."""
    start_timecode: str | None
    """The timecode of the first frame, as the file writes it."""
    timecode_seconds: Fraction | None
    """The same in true seconds since midnight."""
    rotation: int
    """Degrees clockwise that the stored picture is turned: 0, 90, 180 or 270."""
    has_audio: bool
    codec: str

    @property
    def shape(self) -> Shape:
        """How the frames are to be shown."""
        return Shape(self.width, self.height, self.rotation)


def probe(source: Source) -> VideoInfo:
    """What a source is, found by opening it and decoding one frame."""
    if isinstance(source, MovieSource):
        with open_media(source.path) as container:
            stream = picture_of(container, source.path)
            return describe_movie(source.path, container, Cursor(container, stream, source.path))
    if isinstance(source, StillSource):
        frame, codec = decode_image(source.path)
        return _describe_image(frame, codec, None, None, 1)
    frame, codec = decode_image(source.image(source.on_disk()[0]))
    duration = source.count * source.image_seconds
    return _describe_image(frame, codec, source.rate, duration, source.count)


def describe_movie(path: Path, container: InputContainer, cursor: Cursor) -> VideoInfo:
    """What an open movie is, given a cursor on its first frame."""
    stream = picture_of(container, path)
    shape = shape_of(cursor.first, stream.sample_aspect_ratio)
    average = stream.average_rate or stream.guessed_rate
    rate = snap_rate(average) if average else None
    duration = _duration(path, container, stream)
    timecode = _timecode(container, stream)
    return VideoInfo(
        width=shape.width,
        height=shape.height,
        frame_rate=rate,
        duration=duration,
        frame_count=_frame_count(stream.frames, rate, duration),
        start_timecode=timecode,
        timecode_seconds=timecode_to_seconds(timecode, rate) if timecode and rate else None,
        rotation=shape.rotation,
        has_audio=bool(container.streams.audio),
        codec=stream.codec_context.codec.canonical_name,
    )


def decode_image(path: Path) -> tuple[av.VideoFrame, str]:
    """The picture in an image file, and the name of its format."""
    with open_image(path) as container:
        stream = picture_of(container, path)
        try:
            frame = next(container.decode(stream), None)
        except av.FFmpegError as error:
            raise unreadable(path, error) from error
        if frame is None:
            raise NoPicture(f"{path}: there is no picture in this image; is it cut short?")
        return frame, stream.codec_context.codec.canonical_name


def _describe_image(
    frame: av.VideoFrame,
    codec: str,
    rate: Fraction | None,
    duration: Fraction | None,
    count: int,
) -> VideoInfo:
    shape = shape_of(frame)
    return VideoInfo(
        width=shape.width,
        height=shape.height,
        frame_rate=rate,
        duration=duration,
        frame_count=count,
        start_timecode=None,
        timecode_seconds=None,
        rotation=shape.rotation,
        has_audio=False,
        codec=codec,
    )


def _timecode(container: InputContainer, stream: VideoStream) -> str | None:
    """The start timecode, from the picture, the whole file, or a timecode track of its own."""
    tags = (stream.metadata, container.metadata, *(other.metadata for other in container.streams))
    return next((str(tag["timecode"]) for tag in tags if tag.get("timecode")), None)


def _frame_count(stored: int, rate: Fraction | None, duration: Fraction | None) -> int | None:
    """The number of frames shown: the stored one unless an edit list hides some of them."""
    if not stored or rate is None or duration is None:
        return None
    return stored if abs(stored - rate * duration) <= 1 else None


def _duration(path: Path, container: InputContainer, stream: VideoStream) -> Fraction | None:
    """The length of the picture, from the header where that can be relied on."""
    if container.format.name in UNTRUSTED_LENGTHS or not container.duration:
        return measure_duration(path)
    tick = stream.time_base
    if stream.duration and tick:
        return stream.duration * tick
    if clock := CLOCK.match(stream.metadata.get("DURATION", "")):
        end = int(clock[1]) * 3600 + int(clock[2]) * 60 + Fraction(clock[3])
        return end - Fraction(stream.start_time or 0) * (tick or 1)
    return measure_duration(path) or Fraction(container.duration, av.time_base)


def measure_duration(path: Path) -> Fraction | None:
    """The length of a movie's picture, from its first and last packets."""
    with open_media(path) as container:
        stream = picture_of(container, path)
        spans = _spans(container, stream, FIRST_PACKETS)
        if not spans or not stream.time_base:
            return None
        end = (container.start_time or 0) + (container.duration or 0)
        container.seek(max(0, end - LAST_SECONDS * av.time_base))
        spans += _spans(container, stream, None)
    return (max(end for _, end in spans) - min(start for start, _ in spans)) * stream.time_base


def _spans(
    container: InputContainer, stream: VideoStream, count: int | None
) -> list[tuple[int, int]]:
    """When the next packets are shown, from and to, in ticks; a damaged end is left out."""
    spans = []
    try:
        for packet in islice(container.demux(stream), count):
            if packet.pts is not None and not packet.is_corrupt:
                spans.append((packet.pts, packet.pts + (packet.duration or 0)))
    except av.FFmpegError as error:
        logger.debug("%s: stopped reading packets: %s", container.name, error)
    return spans
