"""The packets of a movie's picture between two moments, untouched but for where zero is."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from diffava_foley.media.windows import nearest

Packets: TypeAlias = "Iterator[av.Packet[VideoStream]]"


@dataclass(frozen=True)
class Cut:
    """A stretch of a movie, in ticks of its stream."""

    first: int
    """The timestamp of the frame on screen at the start."""
    end: int | None
    """Frames from here on are not shown; None for all."""
    is_whole: bool = True
    """Whether it starts where the movie does."""


def cut_packets(container: InputContainer, stream: VideoStream, cut: Cut) -> Packets:
    """What a decoder needs for the frames of a cut, from the keyframe before its first one.

    Frames with a timestamp before ``cut.first`` or from ``cut.end`` on are there only because
    others are made from them.
    """
    packets = _with_decoding_times(_from_keyframe(container, stream, cut.first), stream)
    keyframe: int | None = None
    held: list[av.Packet[VideoStream]] = []
    for packet in packets:
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            continue
        keyframe = packet.pts if keyframe is None else keyframe
        if packet.pts < keyframe:
            continue  # made from frames before the keyframe as well, which are not copied
        if cut.end is not None and packet.dts >= cut.end:
            break
        held.append(packet)
        if cut.end is None or packet.pts < cut.end:
            yield from held
            held = []


def _from_keyframe(container: InputContainer, stream: VideoStream, ticks: int) -> Packets:
    """All packets from the last keyframe that is shown at or before ``ticks``."""
    if container.format.name != "mpeg":  # its timestamps are guesses after a seek
        with suppress(av.FFmpegError, StopIteration):
            container.seek(ticks, stream=stream)
            packets = container.demux(stream)
            first = next(packets)
            if first.is_keyframe and first.pts is not None and first.pts <= ticks:
                return chain([first], packets)
    container.seek(min(0, stream.start_time or 0), stream=stream)
    return _search(container.demux(stream), ticks)


def _search(packets: Packets, ticks: int) -> Packets:
    """The same packets from the last keyframe at or before ``ticks``, found by reading along."""
    group: list[av.Packet[VideoStream]] = []
    for packet in packets:
        if packet.is_keyframe and packet.pts is not None:
            if packet.pts > ticks:
                return chain(group, [packet], packets)
            group.clear()
        group.append(packet)
    return iter(group)


def _with_decoding_times(packets: Packets, stream: VideoStream) -> Packets:
    """The same packets; Matroska leaves the first decoding times out, and they are counted back."""
    waiting: list[av.Packet[VideoStream]] = []
    for packet in packets:
        waiting.append(packet)
        if packet.dts is not None:
            break
    rate, tick = stream.average_rate, stream.time_base
    step = max(1, nearest(1 / (rate * tick))) if rate and tick else 1
    known = waiting[-1].dts if waiting else None
    for place, packet in enumerate(reversed(waiting)):
        if known is not None and packet.pts is not None:
            packet.dts = known - place * step
    return chain(waiting, packets)
