"""What a picture can be: a movie, an image sequence, or a still. Always a local file."""

import os
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from diffava_foley.errors import MediaError, MissingMedia

DEFAULT_SEQUENCE_RATE = Fraction(24)

IMAGE_SUFFIXES = (
    *(".bmp", ".dpx", ".exr", ".hdr", ".j2k", ".jp2", ".jpeg", ".jpg", ".pam", ".pgm", ".png"),
    *(".ppm", ".psd", ".sgi", ".tga", ".tif", ".tiff", ".webp"),
)

# Two letters at least: "C:" is a drive.
URL_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
PRINTF_FIELD = re.compile(r"%0?(\d*)d")
HASH_FIELD = re.compile(r"#+")


@dataclass(frozen=True)
class MovieSource:
    """A file with a video stream."""

    path: Path


@dataclass(frozen=True)
class StillSource:
    """One image, held for as long as it is asked for."""

    path: Path


@dataclass(frozen=True)
class SequenceSource:
    """Numbered images: ``folder/prefix0001suffix`` and so on.

    ``rate`` is in frames a second; every image stays on screen for ``step`` frames, and the
    numbers in the names go up by ``step`` too, as OpenTimelineIO counts them.
    """

    folder: Path
    prefix: str
    suffix: str
    padding: int
    first: int
    count: int
    rate: Fraction
    step: int = 1

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.step < 1 or self.count < 0:
            raise MediaError(f"{self.pattern}: rate and step of a sequence must be above zero")

    @property
    def pattern(self) -> Path:
        """The name with its number left out, for people to read."""
        return self.folder / f"{self.prefix}{'#' * max(1, self.padding)}{self.suffix}"

    @property
    def image_seconds(self) -> Fraction:
        """How long one image stays on screen."""
        return self.step / self.rate

    def image(self, index: int) -> Path:
        """The path of the image at ``index``, counted from 0."""
        number = self.first + index * self.step
        sign = "-" if number < 0 else ""
        digits = str(abs(number)).zfill(self.padding)
        return self.folder / f"{self.prefix}{sign}{digits}{self.suffix}"

    def on_disk(self) -> tuple[int, ...]:
        """The indices of the images that are there, at least one, in order."""
        numbers = _numbers_on_disk(self.folder, self.prefix, self.suffix, self.padding)
        indices = (Fraction(number - self.first, self.step) for number in numbers)
        found = tuple(int(i) for i in indices if i.denominator == 1 and 0 <= i < self.count)
        if not found:
            raise MissingMedia(
                f"{self.pattern}: no image of this sequence is there; check the path"
            )
        return found


Source = MovieSource | SequenceSource | StillSource


def source_from_path(path: Path, rate: Fraction = DEFAULT_SEQUENCE_RATE) -> Source:
    """The source that a path means: a movie, a still, or with ``%04d`` or ``####`` a sequence."""
    path = local_file(path)
    if path.is_file():
        return StillSource(path) if path.suffix.lower() in IMAGE_SUFFIXES else MovieSource(path)
    if field := PRINTF_FIELD.search(path.name) or HASH_FIELD.search(path.name):
        return _sequence(path, field, rate)
    if path.is_dir():
        raise MediaError(f"{path}: this is a folder; give a file, or name.####.png for a sequence")
    raise MissingMedia(f"{path}: no such file; check the path")


def local_file(path: Path) -> Path:
    """The absolute path of a local file; anything that looks like an address is refused."""
    if URL_SCHEME.match(str(path)) and not os.path.exists(path):
        name = f"{path!s:.80}"
        raise MissingMedia(f"{name}: this is an address, not a file; only local files are read")
    return path.absolute()


def _sequence(path: Path, field: re.Match[str], rate: Fraction) -> SequenceSource:
    prefix, suffix = path.name[: field.start()], path.name[field.end() :]
    padding = int(field[1] or 0) if field.re is PRINTF_FIELD else len(field[0])
    numbers = _numbers_on_disk(path.parent, prefix, suffix, padding)
    if not numbers:
        raise MissingMedia(f"{path}: no image has such a name; check the folder and the numbering")
    count = numbers[-1] - numbers[0] + 1
    return SequenceSource(path.parent, prefix, suffix, padding, numbers[0], count, rate)


def _numbers_on_disk(folder: Path, prefix: str, suffix: str, padding: int) -> list[int]:
    """The numbers of the images in a folder that are named like this, in order."""
    pattern = re.compile(rf"{re.escape(prefix)}(-?)(\d+){re.escape(suffix)}")
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise MissingMedia(f"{folder}: cannot read this folder ({error.strerror})") from error
    found = [match for name in names if (match := pattern.fullmatch(name))]
    # As written by "%04d": padded to a width, and longer only if the number is.
    exact = [match for match in found if match[2] == str(int(match[2])).zfill(padding)]
    return sorted(int(match[1] + match[2]) for match in exact)
