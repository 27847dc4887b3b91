from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from diffava_foley.training import split, stream
from diffava_foley.training.features import SHARD_CLIPS, Features, Folder

from .synthetic import MADE, planted, write

CLIPS = 2 * stream.MIXED * 4 + 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Many shards of four clips, more than are mixed at a time."""
    folder = write(tmp_path_factory.mktemp("features") / "seed", 4, seconds=(1,))
    return _many(folder)


def _many(folder: Folder) -> Folder:
    from .synthetic import clip

    for first in range(4, CLIPS, 4):
        numbers = range(first, min(first + 4, CLIPS))
        folder = folder.add([(clip(n, 2), planted(n, 1 + n % 3, 2)) for n in numbers])
    return folder


def everything(sources: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(sources, dtype=torch.bool)


def order(folder: Folder, epoch: int, seed: int = 0, skip: int = 0) -> list[tuple[float, ...]]:
    """The clips of an epoch, each known by its sound."""
    counts = stream.count(folder, everything)
    clips = stream.stream(folder, everything, counts, seed, epoch, skip)
    return [tuple(clip.whole.tolist()) for clip in clips]


def test_an_epoch_has_every_clip_once(folder: Folder) -> None:
    assert len(order(folder, 0)) == CLIPS
    assert len(set(order(folder, 0))) == CLIPS
    assert sorted(order(folder, 0)) == sorted(order(folder, 1))


def test_the_order_is_of_seed_and_epoch_alone(folder: Folder) -> None:
    assert order(folder, 3) == order(folder, 3)
    assert len({tuple(order(folder, epoch, seed)) for epoch in (0, 1) for seed in (0, 1)}) == 4


@pytest.mark.parametrize("skip", [0, 1, stream.MIXED * 4, stream.MIXED * 4 + 5, CLIPS - 1, CLIPS])
def test_going_on_anywhere_is_the_rest_of_the_order(folder: Folder, skip: int) -> None:
    assert order(folder, 1, skip=skip) == order(folder, 1)[skip:]


def test_neighbours_in_a_shard_are_not_neighbours_in_the_order(folder: Folder) -> None:
    places = {clip: place for place, clip in enumerate(order(folder, 0))}
    where = [places[tuple(clip.whole.tolist())] for clip in _straight(folder)]

    assert np.mean(np.abs(np.diff(where)) == 1) < 0.1


def _straight(folder: Folder) -> list[Features]:
    shards = [folder.shard(number) for number in range(len(folder.clips))]
    return [shard.features(row) for shard in shards for row in range(len(shard))]


def test_batches_go_on_as_they_were_with_the_same_captions(folder: Folder) -> None:
    counts = stream.count(folder, everything)

    whole = list(stream.batches(folder, everything, counts, 10, 0, 2, 0))
    rest = list(stream.batches(folder, everything, counts, 10, 0, 2, 4))

    assert len(whole) == CLIPS // 10
    assert all(
        torch.equal(a.text, b.text) and torch.equal(a.video, b.video)
        for a, b in zip(whole[4:], rest, strict=True)
    )


def test_a_clip_of_several_captions_is_seen_with_each(folder: Folder) -> None:
    counts = stream.count(folder, everything)
    said: dict[float, set[float]] = {}
    for epoch in range(12):
        for batch in stream.batches(folder, everything, counts, 20, 0, epoch, 0):
            for sound, words in zip(batch.whole, batch.text, strict=True):
                said.setdefault(float(sound[0]), set()).add(float(words[0]))

    twice = sum(len(words) == 2 for words in said.values())
    assert twice > 0.9 * len(said) - 4  # four clips have one only


def test_shorter_clips_are_padded_and_masked() -> None:
    batch = stream.collate([planted(0, 3, 1), planted(1, 1, 1)])

    assert batch.mask.tolist() == [[True, True, True], [True, False, False]]
    assert batch.video.shape == (2, 3, MADE.video_width)
    assert (batch.video[1, 1:] == 0).all()
    assert (batch.audio[1, 1:] == 0).all()


def test_a_stream_reads_no_shard_before_where_it_begins(folder: Folder, tmp_path: Path) -> None:
    counts = stream.count(folder, everything)
    first = np.random.default_rng((0, 0, stream.SHARDS)).permutation(len(counts))[: stream.MIXED]
    skipped = sum(counts[number] for number in first)
    blind = replace(folder, path=tmp_path)
    for number in set(range(len(counts))) - set(first.tolist()):
        blind.file(number).symlink_to(folder.file(number))

    clips = list(islice(stream.stream(blind, everything, counts, 0, 0, skipped), 5))

    assert len(clips) == 5


def test_a_share_is_held_out_by_name_whatever_else_there_is(tmp_path: Path) -> None:
    small, large = write(tmp_path / "small", 100), write(tmp_path / "large", 400)
    sides = split.by_share(large, 0.25)

    counts = stream.count(large, sides.measured)
    sources = torch.cat([large.sources(number) for number in range(len(large.clips))])
    before = torch.cat([small.sources(number) for number in range(len(small.clips))])

    assert 60 <= sum(counts) <= 140
    assert (sides.learned(sources) ^ sides.measured(sources)).all()
    assert torch.equal(sides.measured(before), sides.measured(sources)[:100])


def test_two_stretches_of_one_film_are_on_the_same_side(tmp_path: Path) -> None:
    from .synthetic import clip

    folder = write(tmp_path, 1)
    film = [replace(clip(7), start=clip(7).start + n) for n in range(SHARD_CLIPS)]
    folder = folder.add([(one, planted(n, 2, 1)) for n, one in enumerate(film)])

    for share in (0.1, 0.5, 0.9):
        side = split.by_share(folder, share).measured(folder.sources(1))
        assert side.all() or not side.any()
