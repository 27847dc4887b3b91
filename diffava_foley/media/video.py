"""The frames on screen at given moments, from a movie, an image sequence or a still."""

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diffava_foley.errors import MediaError
from diffava_foley.media.containers import open_media, picture_of
from diffava_foley.media.cursor import Cursor
from diffava_foley.media.frames import Scaler, Shape
from diffava_foley.media.probe import VideoInfo, decode_image, describe_movie, probe
from diffava_foley.media.sources import MovieSource, SequenceSource, Source

logger = logging.getLogger(__name__)


class VideoReader(Protocol):
    """An open source."""

    @property
    def info(self) -> VideoInfo:
        """What the source is."""

    def frames(self, moments: Sequence[Fraction], short_side: int) -> NDArray[np.uint8]:
        """The pictures (F, H, W, 3) on screen at F moments, in seconds from the first frame.

        RGB, upright, ``short_side`` pixels on the short side. Moments may come in any order.
        Before the first frame the first one is on screen, after the last one the last.
        """


@contextmanager
def open_video(source: Source) -> Iterator[VideoReader]:
    """A reader of the source, open until the end of the ``with`` block."""
    if isinstance(source, MovieSource):
        with open_media(source.path) as container:
            cursor = Cursor(container, picture_of(container, source.path), source.path)
            yield MovieReader(source.path, describe_movie(source.path, container, cursor), cursor)
    elif isinstance(source, SequenceSource):
        yield ImagesReader(probe(source), _image_finder(source))
    else:
        yield ImagesReader(probe(source), lambda _: source.path)


class MovieReader:
    """Reads a movie: forward by decoding on, anywhere else by seeking."""

    def __init__(self, path: Path, info: VideoInfo, cursor: Cursor) -> None:
        self.info = info
        self._path = path
        self._cursor = cursor
        self._scale = Scaler()
        self._warned = False

    @property
    def seeks(self) -> int:
        """How often the reader had to seek so far."""
        return self._cursor.seeks

    def frames(self, moments: Sequence[Fraction], short_side: int) -> NDArray[np.uint8]:
        """The pictures (F, H, W, 3) on screen at F moments; see ``VideoReader``."""
        shape = _shape(self.info, short_side)

        def picture(moment: Fraction) -> NDArray[np.uint8]:
            frame = self._cursor.at(moment)
            self._warn_if_cut_short(moment)
            return self._scale(frame, shape)

        return _gather(moments, shape, picture)

    def _warn_if_cut_short(self, moment: Fraction) -> None:
        """Say once that the file ends before its header does, where somebody looks there."""
        if self._warned or not self._cursor.ended or not self.info.duration:
            return
        end, promised = self._cursor.position_end, self.info.duration
        frame_seconds = 1 / self.info.frame_rate if self.info.frame_rate else Fraction(1)
        if min(moment, promised) > end + frame_seconds:
            self._warned = True
            logger.warning(
                "%s: the picture ends at %.2f s of %.2f s; its last frame is held",
                self._path,
                end,
                promised,
            )


class ImagesReader:
    """Reads images: one file for every stretch of time."""

    def __init__(self, info: VideoInfo, image_at: Callable[[Fraction], Path]) -> None:
        self.info = info
        self._image_at = image_at
        self._scale = Scaler()
        self._shown: tuple[Path, Shape, NDArray[np.uint8]] | None = None

    def frames(self, moments: Sequence[Fraction], short_side: int) -> NDArray[np.uint8]:
        """The pictures (F, H, W, 3) on screen at F moments; see ``VideoReader``."""
        shape = _shape(self.info, short_side)
        return _gather(moments, shape, lambda moment: self._picture(moment, shape))

    def _picture(self, moment: Fraction, shape: Shape) -> NDArray[np.uint8]:
        path = self._image_at(moment)
        if self._shown is None or self._shown[:2] != (path, shape):
            frame, _ = decode_image(path)
            self._shown = (path, shape, self._scale(frame, shape))
        return self._shown[2]


def _shape(info: VideoInfo, short_side: int) -> Shape:
    if short_side < 1:
        raise MediaError(f"the short side of a picture must be a pixel at least, not {short_side}")
    return info.shape.scaled(short_side)


def _gather(
    moments: Sequence[Fraction], shape: Shape, picture: Callable[[Fraction], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    """The pictures in the order asked for, fetched in the order of time."""
    pictures = np.empty((len(moments), shape.height, shape.width, 3), np.uint8)
    for place in sorted(range(len(moments)), key=lambda place: moments[place]):
        pictures[place] = picture(moments[place])
    return pictures


def _image_finder(source: SequenceSource) -> Callable[[Fraction], Path]:
    """The image on screen at a moment; where one is missing, the one before it stays."""
    there = source.on_disk()
    if len(there) < source.count:
        missing = source.count - len(there)
        logger.warning(
            "%s: %d images are missing; their neighbours are held", source.pattern, missing
        )

    def find(moment: Fraction) -> Path:
        wanted = int(moment // source.image_seconds)
        return source.image(there[max(0, bisect_right(there, wanted) - 1)])

    return find
