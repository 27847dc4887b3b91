"""What an MP4 or QuickTime file shows of its picture: the end of its edit list.

FFmpeg's muxer hides the frames before zero with an edit list, but not those past the end, which a
cut needs when its last frames are made from later ones. So the length of the edit is put right.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import BinaryIO

HEADER = struct.Struct(">I4s")
LARGE_SIZE = struct.Struct(">Q")
PICTURE = b"vide"


def end_picture(file: BinaryIO, duration: Fraction) -> bool:
    """Whether the picture of a finished file now ends after ``duration``: it needs an edit list."""
    place, moov = _movie_box(file)
    scale = _timescale(moov)
    for start, end in _boxes(moov, 0, len(moov), b"trak"):
        if _is_picture(moov, start, end):
            for entry, wide in _edits(moov, start, end):
                length = struct.Struct(">Q" if wide else ">I")
                (stored,) = length.unpack_from(moov, entry)
                length.pack_into(moov, entry, min(stored, floor(duration * scale)))
                file.seek(place)
                file.write(moov)
                return True
    return False


def _movie_box(file: BinaryIO) -> tuple[int, bytearray]:
    """Where the content of the box that describes the whole file is, and that content."""
    place = file.seek(0)
    while len(header := file.read(HEADER.size)) == HEADER.size:
        size, kind = HEADER.unpack(header)
        body = place + HEADER.size
        if size == 1:
            (size,) = LARGE_SIZE.unpack(file.read(LARGE_SIZE.size))
            body += LARGE_SIZE.size
        if kind == b"moov":
            file.seek(body)
            return body, bytearray(file.read(place + size - body))
        place = file.seek(place + size)
    return 0, bytearray()


def _boxes(data: bytearray, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """From where to where the contents of the boxes of a kind reach."""
    while start + HEADER.size <= end:
        size, kind = HEADER.unpack_from(data, start)
        if kind == wanted:
            yield start + HEADER.size, start + size
        start += max(size, HEADER.size)


def _is_picture(moov: bytearray, start: int, end: int) -> bool:
    return any(
        moov[handler + 8 : handler + 12] == PICTURE
        for media, media_end in _boxes(moov, start, end, b"mdia")
        for handler, _ in _boxes(moov, media, media_end, b"hdlr")
    )


def _timescale(moov: bytearray) -> int:
    """Units a second in the movie's header."""
    for start, _ in _boxes(moov, 0, len(moov), b"mvhd"):
        version = moov[start]
        return int.from_bytes(moov[start + (20 if version else 12) :][:4], "big")
    return 1


def _edits(moov: bytearray, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Where the durations of the edits with media are, and whether they are 64 bits wide."""
    for edits, edits_end in _boxes(moov, start, end, b"edts"):
        for table, _ in _boxes(moov, edits, edits_end, b"elst"):
            wide = bool(moov[table])
            entry = struct.Struct(">Qq4x" if wide else ">Ii4x")
            (count,) = struct.unpack_from(">I", moov, table + 4)
            for place in range(table + 8, table + 8 + count * entry.size, entry.size):
                _, media_time = entry.unpack_from(moov, place)
                if media_time >= 0:
                    yield place, wide
