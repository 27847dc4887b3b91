"""Opening a local file, and nothing but that file.

A timeline may come from anybody. FFmpeg would follow a playlist to other files and to the network,
so only formats that carry their own media are let in, and only the file protocol.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from diffava_foley.errors import MissingMedia, NoPicture, UnreadableMedia
from diffava_foley.media.sources import local_file

# No bare streams, such as .h264: they do not say when their frames are shown.
MOVIE_FORMATS = (
    "apng,asf,avi,dv,flv,gif,gxf,ivf,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mxf,nut,ogg,"
    "rm,wtv,yuv4mpegpipe"
)
SOUND_FORMATS = "aac,ac3,aiff,amr,ape,au,caf,dts,eac3,flac,mp3,tta,w64,wav,wv"

LOCAL_ONLY = {"protocol_whitelist": "file"}
MOVIE_OPTIONS = LOCAL_ONLY | {"format_whitelist": f"{MOVIE_FORMATS},{SOUND_FORMATS}"}
# Without a pattern type, a "%" or a "*" in the name of an image would be read as one.
IMAGE_OPTIONS = LOCAL_ONLY | {"pattern_type": "none"}


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """An open movie or sound file, closed at the end."""
    with _open(path, None, MOVIE_OPTIONS) as container:
        yield container


@contextmanager
def open_image(path: Path) -> Iterator[InputContainer]:
    """An open image file, closed at the end."""
    with _open(path, "image2", IMAGE_OPTIONS) as container:
        yield container


def picture_of(container: InputContainer, path: Path) -> VideoStream:
    """The stream that holds the moving picture; cover art does not count."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            if stream.codec_context is None:
                raise UnreadableMedia(f"{path}: no decoder here for its picture; convert it first")
            return stream
    raise NoPicture(f"{path}: there is no video stream in this file; give a movie or an image")


def unreadable(path: Path, error: Exception) -> UnreadableMedia:
    """The error to raise when FFmpeg gives up on a file that is there."""
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableMedia(
        f"{path}: cannot be read as media ({reason}); is it damaged or not media?"
    )


@contextmanager
def _open(path: Path, format: str | None, options: dict[str, str]) -> Iterator[InputContainer]:
    path = local_file(path)
    if not path.is_file():
        raise MissingMedia(f"{path}: no such file; check the path")
    try:
        container = av.open(
            str(path), "r", format=format, options=options, metadata_errors="replace"
        )
    except (av.FFmpegError, OSError, ValueError) as error:
        raise unreadable(path, error) from error
    with container:
        yield container
