"""What is to be heard under a strip: its own caption, that of markers over it, or its name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DEFAULT_MARKER = re.compile(r"F_\d+")
"""What Blender calls a marker that nobody named."""
COPY = re.compile(r"\.\d{3,}$")
"""What Blender adds to a name that is taken: clip.mp4.001."""
LONGEST_NAME = 63
"""Bytes of a strip's name in older Blenders; a longer file name is cut there."""


@dataclass(frozen=True)
class Cue:
    """What is to be heard from a frame on: up to the strip's next cue, or to its end."""

    caption: str
    frame: int


@dataclass(frozen=True)
class Choice:
    """Which words count as captions, besides those typed into a strip's own field."""

    markers: bool = True
    names: bool = True
    prefix: str = ""
    """Only markers and names that begin so; what follows is the caption."""

    def of_marker(self, name: str) -> str:
        """The caption of a marker; empty if it has none."""
        usable = self.markers and not DEFAULT_MARKER.fullmatch(name.strip())
        return self._after_prefix(name) if usable else ""

    def of_name(self, name: str, files: Iterable[str]) -> str:
        """The caption in a strip's name; empty if the name is only that of its file."""
        return self._after_prefix(name) if self.names and is_given(name, files) else ""

    def _after_prefix(self, text: str) -> str:
        words, wanted = " ".join(COPY.sub("", text).split()), self.prefix.strip()
        if not words.casefold().startswith(wanted.casefold()):
            return ""
        return words[len(wanted) :].lstrip(" :-–—") if wanted else words


def cues_of(own: str, markers: Sequence[Cue], name: str, start: int) -> tuple[Cue, ...]:
    """The cues of a strip that starts there: by its own caption, else markers, else its name."""
    if own:
        return (Cue(own, start),)
    if markers:
        return tuple(sorted(markers, key=lambda cue: cue.frame))
    return (Cue(name, start),) if name else ()


def is_given(name: str, files: Iterable[str]) -> bool:
    """Whether a person named a strip, and not Blender after one of its files."""
    plain = COPY.sub("", name)
    if not any(letter.isalpha() for letter in plain):
        return False
    for file in files:
        stem = file.rpartition(".")[0] or file
        taken = {file, stem, COPY.sub("", stem), _cut(file)}
        if plain.casefold() in {one.casefold() for one in taken} or name == file:
            return False
    return True


def _cut(name: str) -> str:
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")
