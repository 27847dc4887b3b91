"""The media of a clip: what its references point at, found on this machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from opentimelineio.core import MediaReference
from opentimelineio.schema import Clip, GeneratorReference, ImageSequenceReference

from diffava_foley.errors import MissingMedia
from diffava_foley.media.sources import SequenceSource, Source, source_from_path
from diffava_foley.media.windows import snap_rate
from diffava_foley.timeline import times
from diffava_foley.timeline.bundles import Bundle
from diffava_foley.timeline.links import MediaFolder, parts_of, spellings

NUMBER_RANGE = re.compile(r"(?P<prefix>.*)\[(?P<first>\d+)-(?P<last>\d+)\](?P<suffix>.*)")
"""``name.[1001-1099].tif`` is how Resolve shows a sequence."""
NUMBER_FIELD = re.compile(r"%0?\d*d|#+")
DEFAULT_RATE = Fraction(24)
UNKNOWN_COUNT = 10**9


@dataclass(frozen=True)
class Library:
    """Where the media of a timeline is looked for."""

    folder: Path
    """What relative paths start from."""
    media_root: MediaFolder | None = None
    """Where media is looked for by name, before the place that the timeline says."""
    bundle: Bundle | None = None
    """The archive the timeline came in."""

    def find(self, clip: Clip, reference: MediaReference) -> Source:
        """The source that one of a clip's references means; raises if it is not here."""
        try:
            return self._find(clip, reference)
        except OSError as error:  # a name too long, a folder that must not be read
            reason = error.strerror or str(error)
            raise MissingMedia(f"{clip.name or 'a clip'}: its media: {reason}") from error

    def _find(self, clip: Clip, reference: MediaReference) -> Source:
        if isinstance(reference, GeneratorReference):
            kind = reference.generator_kind or "unnamed"
            raise MissingMedia(f"a generated picture ({kind}) is no file; render it to one first")
        if isinstance(reference, ImageSequenceReference):
            return self._images(*_images_of(reference))
        link = link_of(reference)
        if not link:
            return self._by_name(clip)
        name = parts_of(link)[-1] if parts_of(link) else ""
        if match := NUMBER_RANGE.fullmatch(name):
            return self._images(*_images_in_range(link, match, _rate_of(reference)))
        return self._at(link, _rate_of(reference))

    def _at(self, link: str, rate: Fraction) -> Source:
        for path in self._places(link):
            if path.is_file():
                return source_from_path(path)
            if NUMBER_FIELD.search(path.name):
                try:
                    return source_from_path(path, rate)
                except MissingMedia:
                    continue
        raise MissingMedia(f"missing media: {_shown(link)}; give its folder with --media-root")

    def _by_name(self, clip: Clip) -> Source:
        """The file that a clip without any path is called after."""
        if self.media_root and clip.name:
            found = self.media_root.find(clip.name) or self.media_root.find_stem(clip.name)
            if found:
                return source_from_path(found)
        raise MissingMedia(
            f"missing media: the timeline names no file for {clip.name or 'this clip'!r}; relink "
            "it in the editor, or give the folder of a file with that name with --media-root"
        )

    def _images(self, link: str, images: SequenceSource) -> SequenceSource:
        """The sequence whose first image a link means, where that is on this machine."""
        for path in self._places(link):
            here = replace(images, folder=path.parent)
            if self.bundle and images.count != UNKNOWN_COUNT:
                folder = link[: len(link) - len(path.name)]
                for index in range(images.count):
                    self.bundle.unpack(folder + here.image(index).name)
            try:
                found = here.on_disk()
            except MissingMedia:
                continue
            return here if images.count != UNKNOWN_COUNT else replace(here, count=found[-1] + 1)
        raise MissingMedia(
            f"missing media: images from {_shown(link)} on; give their folder with --media-root"
        )

    def _places(self, link: str) -> Iterator[Path]:
        """Where on this machine a link may point, the likeliest first."""
        paths = spellings(link)
        for path in paths:
            if self.bundle and (found := self.bundle.unpack(path)):
                yield found
        for path in paths:
            if self.media_root and (found := self.media_root.find(path)):
                yield found
        for path in paths:
            yield self.folder / path
            if "\\" in path:
                yield self.folder / path.replace("\\", "/")


def references_of(clip: Clip) -> Iterator[MediaReference]:
    """The media references of a clip, the active one first."""
    references = clip.media_references()
    active = clip.active_media_reference_key
    yield clip.media_reference
    yield from (reference for key, reference in references.items() if key != active)


def link_of(reference: MediaReference) -> str | None:
    """The path or address a reference holds; Resolve keeps that of an offline clip in metadata."""
    if link := getattr(reference, "target_url", None):
        return str(link)
    resolve: Any = reference.metadata.get("Resolve_OTIO")
    link = resolve.get("Media Url") if hasattr(resolve, "get") else None
    return link if isinstance(link, str) and link else None


def _images_of(reference: ImageSequenceReference) -> tuple[str, SequenceSource]:
    """The link to the first image of a sequence, and the sequence without its folder."""
    rate = snap_rate(reference.rate) if reference.rate > 0 else _rate_of(reference)
    step = max(1, reference.frame_step)
    count = UNKNOWN_COUNT
    if available := reference.available_range:
        count = floor(times.tidy(times.seconds(available.duration) * rate) / step)
    images = SequenceSource(
        Path(),
        reference.name_prefix or "",
        reference.name_suffix or "",
        max(0, reference.frame_zero_padding),
        reference.start_frame,
        max(1, count),
        rate,
        step,
    )
    base = reference.target_url_base or ""
    joint = "" if not base or base.endswith(("/", "\\")) else "/"
    return f"{base}{joint}{images.image(0).name}", images


def _images_in_range(link: str, match: re.Match[str], rate: Fraction) -> tuple[str, SequenceSource]:
    first, last = int(match["first"]), int(match["last"])
    padding = len(match["first"])
    count = max(1, last - first + 1)
    images = SequenceSource(Path(), match["prefix"], match["suffix"], padding, first, count, rate)
    return link[: len(link) - len(match[0])] + images.image(0).name, images


def _rate_of(reference: MediaReference) -> Fraction:
    available = reference.available_range
    rated = available is not None and available.duration.rate > 0
    return times.rate_of(available.duration) if rated else DEFAULT_RATE


def _shown(link: str) -> str:
    """A link short enough for a message, its end being what tells it from others."""
    return link if len(link) <= 120 else f"…{link[-119:]}"
