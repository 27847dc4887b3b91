"""Pictures of sounding things: which there are, whose, and which ones no training may see.

``pictures.tsv`` names each by its collection and its place in it. Those held out are for measuring
alone (``evaluation/presence``); no file is in both halves.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from diffava_foley.errors import FoleyError

from . import classes

TABLE = Path(__file__).with_name("pictures.tsv")
TRAINING, HELD_OUT = "train", "held out"
STAMPS, CLIPART, EMOJI = "stamps", "openclipart", "emoji"
LICENCES = {STAMPS: "GPL-2.0", CLIPART: "public domain", EMOJI: "OFL-1.1"}
GLYPH = 109  # points; the only size that Noto Color Emoji has


@dataclass(frozen=True)
class Picture:
    """One cut-out picture."""

    sound: str
    """The name of what it would be heard as."""
    split: str
    """TRAINING or HELD_OUT."""
    collection: str
    """Where it comes from: STAMPS, CLIPART or EMOJI."""
    picture: str
    """Its path in the collection, or the character of the font."""
    author: str

    @property
    def licence(self) -> str:
        """SPDX name of its licence, or what there is instead."""
        return LICENCES[self.collection]


@dataclass(frozen=True)
class Collections:
    """Where the collections lie on this machine."""

    stamps: Path
    """Tux Paint's stamps, Debian's ``tuxpaint-stamps-default``."""
    clipart: Path
    """The Open Clip Art Library, Debian's ``openclipart-png``."""
    emoji: Path | None = None
    """The font of Debian's ``fonts-noto-color-emoji``; none of it is held out."""

    def open(self, picture: Picture) -> Image.Image:
        """The cut-out, with transparency, without the empty rim."""
        if picture.collection == EMOJI:
            image = _glyph(self.emoji, picture.picture)
        else:
            image = load(self._folder(picture) / picture.picture)
        return image.crop(image.getchannel("A").getbbox())

    def _folder(self, picture: Picture) -> Path:
        return self.stamps if picture.collection == STAMPS else self.clipart


def read(split: str) -> tuple[Picture, ...]:
    """The pictures of one half of the table, of the sounds that are taught."""
    taught = {sound.name for sound in classes.SOUNDS}
    with TABLE.open(newline="", encoding="utf-8") as table:
        rows = [Picture(**row) for row in csv.DictReader(table, delimiter="\t")]
    return tuple(row for row in rows if row.split == split and row.sound in taught)


def load(path: Path) -> Image.Image:
    """The image in a file, with transparency."""
    try:
        return Image.open(path).convert("RGBA")
    except OSError as error:
        raise FoleyError(f"no picture {path}, unpack the collection again: {error}") from error


def _glyph(font: Path | None, name: str) -> Image.Image:
    if font is None:
        raise FoleyError(f"the picture {name} is a character: give the font it is in")
    image = Image.new("RGBA", (GLYPH * 5 // 4, GLYPH * 5 // 4))
    character = chr(int(name.removeprefix("U+"), 16))
    typeface = ImageFont.truetype(font, GLYPH)
    ImageDraw.Draw(image).text((0, 0), character, font=typeface, embedded_color=True)
    return image
