"""A new timeline file, in whatever form its name asks for.

``.otioz`` and ``.otiod`` carry their media along, and the links to it are changed to match; links
to what is not on this machine, or is no media, stay as they are.
"""

import json
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diffava_foley.errors import FoleyError, OutputError
from diffava_foley.media.publish import new_file
from diffava_foley.media.sources import IMAGE_SUFFIXES
from diffava_foley.timeline import formats
from diffava_foley.timeline.bundles import Bundle
from diffava_foley.timeline.documents import BUNDLED_DOCUMENT, JSON_SUFFIXES, Document
from diffava_foley.timeline.links import spellings
from diffava_foley.timeline.schemas import Schema, objects_in

logger = logging.getLogger(__name__)

# fmt: off
MEDIA_SUFFIXES = frozenset((
    *IMAGE_SUFFIXES,
    ".3gp", ".aac", ".aif", ".aiff", ".avi", ".braw", ".caf", ".dv", ".flac", ".gif", ".m2ts",
    ".m4a", ".m4v", ".mkv", ".mov", ".mp3", ".mp4", ".mpeg", ".mpg", ".mts", ".mxf", ".ogg", ".ogv",
    ".opus", ".r3d", ".ts", ".wav", ".webm", ".wmv",
))
# fmt: on
BUNDLE_VERSION = "1.0.0"
MEDIA = "media"


def deliver(document: Document, output: Path, *, overwrite: bool = False) -> None:
    """Write a document as a new file or folder; its relative links start where ``output`` lies."""
    suffix = output.suffix.lower()
    try:
        output.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output}: its folder cannot be made ({error.strerror})") from error
    if suffix == ".otioz":
        _write_archive(document, output, overwrite)
    elif suffix == ".otiod":
        _write_folder(document, output, overwrite)
    elif suffix in JSON_SUFFIXES:
        _warn_of_stranded_links(document, output)
        with new_file(output, overwrite=overwrite) as file:
            file.write(_text(document.content))
    else:
        _write_with_adapter(document, output, overwrite)


def _warn_of_stranded_links(document: Document, output: Path) -> None:
    """Links stay as they were written, so relative ones may lead nowhere from another folder."""
    here = output.absolute().parent
    links = {str(part.get("target_url") or "") for part in objects_in(document.content)} - {""}
    relative = [link for link in links if not Path(link).is_absolute() and "://" not in link]
    there = [link for link in relative if document.archive or (document.folder / link).is_file()]
    if stranded := [link for link in there if not (here / link).is_file()]:
        logger.warning(
            "%s: %d of the timeline's own links, such as %s, are relative and lead nowhere from "
            "here; write it beside the old one, or as .otioz, which carries its media",
            *(output, len(stranded), stranded[0]),
        )


def _text(content: Schema) -> bytes:
    return json.dumps(content, indent=4, ensure_ascii=False).encode()


@dataclass(frozen=True)
class _Cargo:
    """A document whose links point into its bundle, and the files that go there."""

    content: Schema
    files: dict[str, Path]


def _write_archive(document: Document, output: Path, overwrite: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        cargo = _load(document, output, Path(scratch))
        with (
            new_file(output, overwrite=overwrite) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            archive.writestr("version.txt", BUNDLE_VERSION)
            archive.writestr(BUNDLED_DOCUMENT, _text(cargo.content), zipfile.ZIP_DEFLATED)
            for name, path in cargo.files.items():
                archive.write(path, f"{MEDIA}/{name}")


def _write_folder(document: Document, output: Path, overwrite: bool) -> None:
    if output.exists() and not overwrite:
        raise OutputError(f"{output}: is there already; choose another name or remove it")
    unfinished = Path(tempfile.mkdtemp(dir=output.absolute().parent, prefix=".foley-"))
    try:
        cargo = _load(document, output, unfinished / "unpacked")
        (unfinished / "new" / MEDIA).mkdir(parents=True)
        (unfinished / "new" / BUNDLED_DOCUMENT).write_bytes(_text(cargo.content))
        for name, path in cargo.files.items():
            shutil.copyfile(path, unfinished / "new" / MEDIA / name)
        if output.exists():
            os.rename(output, unfinished / "old")
        os.rename(unfinished / "new", output)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_with_adapter(document: Document, output: Path, overwrite: bool) -> None:
    if reason := formats.why_not_written(output.suffix.lower()):
        raise OutputError(f"{output}: {reason}")
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch, output.name)
        try:
            folders = (output.absolute().parent, document.folder)
            formats.write(document.timeline(), written, folders)
        except OutputError:
            raise
        except Exception as error:  # adapters raise whatever they like
            reason = " ".join(str(error).split())[:200]
            raise OutputError(f"{output}: cannot be written in this format ({reason})") from error
        with new_file(output, overwrite=overwrite) as file:
            file.write(written.read_bytes())


def _load(document: Document, output: Path, scratch: Path) -> _Cargo:
    """The media that a document links to and that is on this machine, and the links changed."""
    content: Schema = json.loads(json.dumps(document.content))
    bundle = Bundle(document.archive, scratch) if document.archive else None
    names: dict[Path, str] = {}
    for reference in objects_in(content):
        if not reference["OTIO_SCHEMA"].startswith("ExternalReference."):
            continue
        link = reference.get("target_url")
        if isinstance(link, str) and (path := _found(link, document, output, bundle)):
            name = names.setdefault(path, _unused(path.name, names))
            reference["target_url"] = f"{MEDIA}/{name}"
    return _Cargo(content, {name: path for path, name in names.items()})


def _found(link: str, document: Document, output: Path, bundle: Bundle | None) -> Path | None:
    """The media file that a link means; a stranger's timeline must not carry off other files."""
    try:
        places = _places(link, document, output, bundle)
        return next((p for p in places if p.suffix.lower() in MEDIA_SUFFIXES and p.is_file()), None)
    except (FoleyError, OSError, ValueError):
        return None


def _places(link: str, document: Document, output: Path, bundle: Bundle | None) -> Iterator[Path]:
    for path in spellings(link):
        if bundle and (unpacked := bundle.unpack(path)):
            yield unpacked
        yield document.folder / path
        yield output.absolute().parent / path


def _unused(name: str, names: dict[Path, str]) -> str:
    taken = {used.casefold() for used in names.values()}
    path, number = Path(name), 2
    while name.casefold() in taken:
        name, number = f"{path.stem}-{number}{path.suffix}", number + 1
    return name
