"""Clips drawn by PyAV: every frame shows its own number, in eight bars of black or white."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 96, 64
BITS = 8
QUIET = {
    "libx264": {"x264-params": "log-level=none:scenecut=0"},
    "libx265": {"x265-params": "log-level=none"},
}


def number_picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """A picture with the number in white bars, lowest bit on the left."""
    bars = [255 * (number >> bit & 1) for bit in range(BITS)]
    row = np.repeat(np.array(bars, np.uint8), width // BITS)
    return np.broadcast_to(row[None, :, None], (height, width, 3)).copy()


def number_in(picture: NDArray[np.uint8]) -> int:
    """The number that a picture shows."""
    height, width = picture.shape[:2]
    middle = picture[height // 2].mean(axis=-1)
    return sum(1 << bit for bit in range(BITS) if middle[int((bit + 0.5) * width / BITS)] > 127)


def numbers_in(pictures: NDArray[np.uint8]) -> list[int]:
    """The numbers that pictures show."""
    return [number_in(picture) for picture in pictures]


@dataclass(frozen=True)
class Clip:
    """How to draw a clip."""

    codec: str = "libx264"
    rate: Fraction = Fraction(24)
    frames: int = 48
    group: int = 250
    """Frames from keyframe to keyframe."""
    reordered: int = 0
    """B-frames in a row."""
    ticks: Sequence[int] | None = None
    """When each frame is shown, in thousandths of a second; evenly if None."""
    turn: int = 0
    """Degrees counter-clockwise that a player turns the picture."""
    pixel_aspect: Fraction = Fraction(1)
    timecode: str | None = None
    tone: bool = False
    """Whether there is a silent sound stream."""


def draw(path: Path, clip: Clip = Clip()) -> Path:
    """Draw a clip to a file."""
    with av.open(str(path), "w") as container:
        options = QUIET.get(clip.codec, {})
        stream = container.add_stream(clip.codec, rate=clip.rate, options=options)
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuvj420p" if clip.codec == "mjpeg" else "yuv420p"
        stream.gop_size, stream.max_b_frames = clip.group, clip.reordered
        stream.codec_context.sample_aspect_ratio = clip.pixel_aspect
        tick = Fraction(1, 1000) if clip.ticks else 1 / clip.rate
        stream.codec_context.time_base = tick
        if clip.turn:
            stream.set_display_rotation(clip.turn)
        if clip.timecode:
            container.metadata["timecode"] = clip.timecode
        tone = container.add_stream("aac", rate=48000, layout="mono") if clip.tone else None
        for number in range(clip.frames):
            frame = av.VideoFrame.from_ndarray(number_picture(number), "rgb24")
            frame.pts, frame.time_base = clip.ticks[number] if clip.ticks else number, tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone:
            silence = np.zeros((1, int(clip.frames / clip.rate * 48000)), np.float32)
            sound = av.AudioFrame.from_ndarray(silence, "fltp", "mono")
            sound.sample_rate, sound.pts = 48000, 0
            container.mux(tone.encode(sound))
            container.mux(tone.encode(None))
    return path


def draw_image(path: Path, picture: NDArray[np.uint8]) -> Path:
    """Draw one image to a file."""
    codec = {".png": "png", ".jpg": "mjpeg", ".tif": "tiff", ".bmp": "bmp"}[path.suffix]
    pixels = {"mjpeg": "yuvj444p", "bmp": "bgr24"}.get(codec, "rgb24")
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as container:
        stream = container.add_stream(codec)
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = pixels
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


def middles(rate: Fraction, count: int) -> list[Fraction]:
    """The moments in the middle of each frame."""
    return [Fraction(2 * number + 1, 2) / rate for number in range(count)]
