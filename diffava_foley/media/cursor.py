"""Walking and seeking through the frames of one movie, by timestamp."""

import heapq
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from diffava_foley.errors import NoPicture
from diffava_foley.media.containers import unreadable

logger = logging.getLogger(__name__)

FAR_SECONDS = 2
"""Without an index that says where the next keyframe is, a jump this long is worth a seek."""


@dataclass(frozen=True)
class Stamped:
    """A decoded frame and its timestamp, in ticks of the stream."""

    ticks: int
    frame: av.VideoFrame


class Cursor:
    """The place of a reader in a movie: the frame on screen, and the one after it.

    Going forward decodes on; going back, or far enough ahead to skip a keyframe, seeks to the
    keyframe before. ``first`` is the first frame, ``origin`` its timestamp, and ``seeks`` counts
    how often the cursor had to seek.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, path: Path) -> None:
        self._container = container
        self._stream = stream
        self._path = path
        self._tick: Fraction = stream.time_base or Fraction(1, av.time_base)
        # AVI knows the order in which its frames are stored, not when each is shown.
        self._in_decoding_order = container.format.name == "avi"
        self._demuxed: int | None = None
        self._damaged = False
        self._frames: Iterator[Stamped] = iter(())
        self._current: Stamped | None = None
        self._next: Stamped | None = None
        self.seeks = 0
        stream.thread_type = "AUTO"
        self._walk_on()
        self.first = self._here.frame
        self.origin = self._here.ticks
        self._rounding = self._rounding_of_ticks()

    @property
    def ended(self) -> bool:
        """Whether the last frame of the movie has been reached."""
        return self._next is None

    @property
    def ticks(self) -> int:
        """The timestamp of the current frame."""
        return self._here.ticks

    @property
    def position(self) -> Fraction:
        """When the current frame comes on screen, in seconds from the first frame."""
        return (self.ticks - self.origin) * self._tick

    @property
    def position_end(self) -> Fraction:
        """When the current frame goes off screen, as far as the file says."""
        return self.position + (self._here.frame.duration or 0) * self._tick

    def ticks_from(self, moment: Fraction) -> int:
        """The timestamp that a frame needs to come on screen at a moment or later."""
        return self.origin + ceil(moment / self._tick - self._rounding)

    def at(self, moment: Fraction) -> av.VideoFrame:
        """The frame on screen at a moment, in seconds from the first frame.

        Before the first frame that is the first, after the last one the last, held.
        """
        ticks = self.origin + max(0, floor(moment / self._tick + self._rounding))
        if ticks < self._here.ticks or self._is_worth_a_seek(ticks):
            self._seek(ticks)
        while self._next is not None and self._next.ticks <= ticks:
            self._current, self._next = self._next, next(self._frames, None)
        return self._here.frame

    @property
    def _here(self) -> Stamped:
        if self._current is None:
            raise self._nothing_decodable()
        return self._current

    def _rounding_of_ticks(self) -> Fraction:
        """Half a tick where the ticks are too coarse for the frame rate, as Matroska's are.

        Frame 1 at 24 frames a second is stored at 42 ms there, and is on screen at 1/24 s.
        """
        rate = self._stream.average_rate
        exact = not rate or (1 / (rate * self._tick)).denominator == 1
        return Fraction(0) if exact else Fraction(1, 2)

    @property
    def _must_count(self) -> bool:
        """Whether only counting from the start says which frame is which."""
        return self._in_decoding_order and bool(self._stream.codec_context.has_b_frames)

    @property
    def _is_vague_after_a_seek(self) -> bool:
        """Whether the first timestamps after a seek are guesses.

        An MPEG programme stream must say the time every 0.7 s, and need not more often.
        """
        return self._container.format.name == "mpeg"

    def _is_worth_a_seek(self, ticks: int) -> bool:
        if self._next is None or ticks <= self._next.ticks or self._must_count:
            return False
        index = self._stream.index_entries
        found = index.search_timestamp(ticks)
        if found >= 0 and self._demuxed is not None and index[found].timestamp > self._demuxed:
            return True
        is_complete = len(index) > 1 and index[len(index) - 1].timestamp >= ticks
        return not is_complete and (ticks - self._next.ticks) * self._tick > FAR_SECONDS

    def _seek(self, ticks: int) -> None:
        """Go to a frame at or before ``ticks``, from a keyframe further back if need be."""
        self.seeks += 1
        second = max(1, round(1 / self._tick))
        surely = ticks - second if self._is_vague_after_a_seek else ticks
        back = ticks - surely
        while ticks - back > self.origin and not self._must_count:
            if self._jump(ticks - back) and self._here.ticks <= surely:
                return
            back = back * 2 or second
        if not self._jump(min(self.origin, 0)):
            raise self._nothing_decodable()

    def _jump(self, ticks: int) -> bool:
        try:
            self._container.seek(ticks, stream=self._stream, backward=True)
        except av.FFmpegError as error:
            logger.debug("%s: cannot seek: %s", self._path, error)
            return False
        self._walk_on()
        return self._current is not None

    def _walk_on(self) -> None:
        self._frames = self._decode()
        self._current = next(self._frames, None)
        self._next = next(self._frames, None)

    def _decode(self) -> Iterator[Stamped]:
        """The frames from here to the end, in the order in which they are shown."""
        order: list[int] = []
        for packet in self._packets():
            if packet.dts is not None:
                heapq.heappush(order, packet.dts)
            try:
                frames = packet.decode()
            except av.FFmpegError as error:
                self._note_damage(error)
                continue
            for frame in frames:
                ticks = frame.dts if frame.pts is None else frame.pts
                if self._in_decoding_order and order:
                    ticks = heapq.heappop(order)
                if ticks is not None:
                    yield Stamped(ticks, frame)

    def _packets(self) -> "Iterator[av.Packet[VideoStream]]":
        try:
            for packet in self._container.demux(self._stream):
                if packet.is_corrupt:  # what is left of the last packet of a file cut short
                    self._note_damage("a packet is incomplete")
                    continue
                if packet.dts is not None:
                    self._demuxed = packet.dts
                yield packet
        except av.FFmpegError as error:
            self._note_damage(error)

    def _note_damage(self, reason: object) -> None:
        if not self._damaged:
            logger.warning("%s: a part cannot be read (%s); it is skipped", self._path, reason)
        self._damaged = True

    def _nothing_decodable(self) -> Exception:
        if self._damaged:
            return unreadable(self._path, ValueError("no frame can be decoded"))
        return NoPicture(f"{self._path}: there is not one frame in this movie; is it cut short?")
