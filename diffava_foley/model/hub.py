"""Weights from the Hugging Face hub: one commit of a repository, safetensors and JSON only."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from tqdm import tqdm  # type: ignore[import-untyped]

from diffava_foley.errors import WeightsError

# Pickles are never fetched: reading one can run any code.
WANTED = ("*.json", "*.safetensors", "*.txt")
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
CARD, ABOUT = "README.md", "foley.json"
_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w./-]+)?")

Progress = Callable[[int, int], None]
"""Called with the bytes fetched so far and the bytes in all."""


@dataclass(frozen=True)
class Snapshot:
    """One commit of a repository, in the hub's cache on this machine."""

    repository: str
    commit: str
    folder: Path


def is_id(spec: str) -> bool:
    """Whether ``spec`` reads as owner/name or owner/name@revision."""
    return _ID.fullmatch(spec) is not None


def fetch(
    spec: str,
    parts: Sequence[str] = (),
    optional: Sequence[str] = (),
    *,
    wanted: Sequence[str] = WANTED,
    offline: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
) -> Snapshot:
    """The repository's ``parts``, and ``optional`` ones; from the cache, else from the hub.

    Without parts the repository itself is one, as CLAP's and X-CLIP's are. ``wanted`` are the
    patterns of the files to fetch of each.
    """
    repository, _, named = spec.partition("@")
    revision = named or None
    patterns = _patterns((*parts, *optional), wanted)
    cached = None if refresh else _cached(repository, revision, parts, patterns)
    if cached is not None:
        return cached
    if offline:
        raise WeightsError(
            f"weights {spec} are not on this machine: run `diffava-foley weights pull {spec}` once"
            " with a network"
        )
    return _download(repository, revision, parts, patterns, progress)


def _cached(
    repository: str, revision: str | None, parts: Sequence[str], patterns: list[str]
) -> Snapshot | None:
    from huggingface_hub import snapshot_download  # only here: it takes a while to import
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        found = snapshot_download(
            repository, revision=revision, allow_patterns=patterns, local_files_only=True
        )
    except LocalEntryNotFoundError:
        return None
    folder = Path(found)
    # An interrupted download leaves a folder without all of its files.
    whole = all(any((folder / part).glob("*.json")) for part in parts or (".",))
    return Snapshot(repository, folder.name, folder) if whole else None


def _download(
    repository: str,
    revision: str | None,
    parts: Sequence[str],
    patterns: list[str],
    progress: Progress | None,
) -> Snapshot:
    from huggingface_hub import HfApi, hf_hub_download, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    try:
        info = HfApi().model_info(repository, revision=revision, files_metadata=True)
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        _refuse_pickles(repository, list(sizes), parts)
        files = _choose(sizes, patterns)
        total, done = sum(sizes[name] for name in files), 0
        for name in files:
            bar = _counter(partial(_report, progress, done, total))
            hf_hub_download(repository, name, revision=info.sha, tqdm_class=bar)
            done += sizes[name]
            _report(progress, done, total, 0)
        # All files are here; this remembers which commit the revision stands for.
        folder = snapshot_download(
            repository,
            revision=revision,
            allow_patterns=patterns,
            tqdm_class=_counter(lambda _: None),
        )
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        named = f"{repository}@{revision}" if revision else repository
        raise WeightsError(f"the hub has no weights {named}: check the name") from error
    except WeightsError:
        raise
    except Exception as error:  # the hub's client raises its HTTP library's, which has changed
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise WeightsError(
            f"weights {repository} cannot be fetched, check the network and try again: {reason}"
        ) from error
    return Snapshot(repository, Path(folder).name, Path(folder))


def _report(progress: Progress | None, done: int, total: int, more: int) -> None:
    if progress is not None:
        progress(min(done + more, total), total)


def _counter(report: Callable[[int], None]) -> type[tqdm]:
    """A progress bar as the hub's client wants it, which shows nothing and reports its count."""

    class Counter(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*args, **{**options, "file": StringIO(), "disable": False})

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            report(int(self.n))
            return shown

    return Counter


def _patterns(parts: Sequence[str], wanted: Sequence[str]) -> list[str]:
    folders = [f"{part}/" for part in parts] or [""]
    return [CARD, ABOUT, *(folder + pattern for folder in folders for pattern in wanted)]


def _refuse_pickles(repository: str, names: Sequence[str], parts: Sequence[str]) -> None:
    for part in parts or ("",):
        here = [name for name in names if name.startswith(f"{part}/" if part else "")]
        safe = any(name.endswith(".safetensors") for name in here)
        if not safe and any(name.endswith(PICKLES) for name in here):
            raise WeightsError(
                f"{repository} has its {part or 'tensors'} only pickled, which can run any code"
                " when read: convert a copy to safetensors and give its folder"
            )


def _choose(sizes: dict[str, int], patterns: list[str]) -> list[str]:
    """The files to fetch; small ones first, so that what is wrong shows early."""
    names = [name for name in sizes if any(fnmatch(name, pattern) for pattern in patterns)]
    return sorted(names, key=lambda name: (sizes[name], name))
