"""Clips become features, once: decoded ahead, encoded one by one, kept shard by shard."""

import csv
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from diffava_foley.errors import FoleyError
from diffava_foley.store import replacing

from . import encoding, features
from .encoding import Encoders, Material
from .manifests import Broken, Clip, Manifest

BROKEN = "broken.csv"
KEPT_SECONDS = 300.0  # after which what there is becomes a shard, full or not


@dataclass(frozen=True)
class Progress:
    """How far it is."""

    done: int
    """clips encoded or found broken in this run"""
    total: int
    """clips that this run has to see"""
    broken: int


@dataclass(frozen=True)
class Prepared:
    """What there is in the end."""

    made: int
    """clips encoded in this run"""
    found: int
    """clips that were there from before"""
    broken: tuple[Broken, ...]
    listed: Path | None
    """the file that lists the broken ones, if there are any"""


def prepare(
    manifest: Manifest,
    folder: Path,
    encoders: Encoders,
    listen: Callable[[Progress], None] = lambda _: None,
    workers: int = 2,
    kept_seconds: float = KEPT_SECONDS,
) -> Prepared:
    """What was made of the manifest's clips; those already in ``folder`` are left as they are.

    A clip that cannot be used is listed in ``broken.csv`` and looked at again the next time. A run
    that is killed loses the clips of one shard, and never more than ``kept_seconds`` of work.
    """
    target = features.begin(folder, encoders.made)
    known = target.keys()
    waiting = [clip for clip in manifest.clips if clip.key not in known]
    broken, done, made = list(manifest.broken), 0, 0
    pending: list[tuple[Clip, features.Features]] = []
    kept = time.monotonic()
    listen(Progress(done, len(waiting), len(broken)))
    try:
        for clip, decoded in _ahead(waiting, partial(encoding.decode, encoders), workers):
            try:
                pending.append((clip, encoding.encode(encoders, clip, decoded.result())))
            except FoleyError as error:
                broken.append(Broken(clip.name, str(clip.start), str(error)))
            late = bool(pending) and time.monotonic() - kept >= kept_seconds
            if late or len(pending) == features.SHARD_CLIPS:
                target, made, pending = target.add(pending), made + len(pending), []
                kept = time.monotonic()
            done += 1
            listen(Progress(done, len(waiting), len(broken)))
    finally:  # what was finished is kept when the user stops the run, too
        if pending:
            target, made = target.add(pending), made + len(pending)
    return Prepared(made, len(known), tuple(broken), _list(folder / BROKEN, broken))


def _ahead(
    clips: Iterable[Clip], decode: Callable[[Clip], Material], workers: int
) -> Iterator[tuple[Clip, Future[Material]]]:
    """The clips in their order, a few of them being decoded while one is looked at."""
    pool = ThreadPoolExecutor(workers)
    coming: deque[tuple[Clip, Future[Material]]] = deque()
    try:
        for clip in clips:
            coming.append((clip, pool.submit(decode, clip)))
            if len(coming) > workers:
                yield coming.popleft()
        yield from coming
    finally:
        pool.shutdown(cancel_futures=True)


def _list(path: Path, broken: list[Broken]) -> Path | None:
    if not broken:
        path.unlink(missing_ok=True)
        return None
    with replacing(path) as unfinished, unfinished.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("clip", "start", "reason"))
        table.writerows((clip.clip, clip.start, clip.reason) for clip in broken)
    return path
