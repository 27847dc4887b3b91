"""Real clips, decoded and encoded with tiny encoders, become the features that are learned from."""

import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import tiny_weights as builder
import torch

from diffava_foley.errors import CheckpointMismatch, TrainingError
from diffava_foley.media.audio import read_audio
from diffava_foley.media.sources import source_from_path
from diffava_foley.media.video import open_video
from diffava_foley.media.windows import cut_windows
from diffava_foley.model import models, weights
from diffava_foley.model.encoders import embed_text, embed_video
from diffava_foley.training import encoding, features
from diffava_foley.training.encoding import Encoders, open_encoders
from diffava_foley.training.features import Features
from diffava_foley.training.manifests import Clip, read_manifest
from diffava_foley.training.prepare import Progress, prepare

from .footage import film, manifest

OURS, AUDIOCAPS = "clip,start,caption", "audiocap_id,youtube_id,start_time,caption"


@pytest.fixture(scope="module")
def encoders(tiny_weights: Path) -> Encoders:
    """The tiny weights' own."""
    return open_encoders(str(tiny_weights), device="cpu")


def clip(file: Path, start: Fraction = Fraction(0), **options: object) -> Clip:
    return Clip(file.name, file, start, None, ("a dog barks",), **options)  # type: ignore[arg-type]


def encode(encoders: Encoders, one: Clip) -> Features:
    return encoding.encode(encoders, one, encoding.decode(encoders, one))


def test_features_are_what_the_model_is_given_when_it_makes_a_sound(
    tmp_path: Path, encoders: Encoders, tiny_weights: Path
) -> None:
    file = film(tmp_path / "a.mp4", 2)
    loaded = models.load(weights.resolve(str(tiny_weights)), device="cpu")
    eye = loaded.video_encoder
    assert eye is not None
    with open_video(source_from_path(file)) as reader:
        windows = [
            reader.frames(window.moments, eye.short_side)
            for window in cut_windows(Fraction(2), eye.frames_per_window)
        ]

    made = encode(encoders, clip(file))

    torch.testing.assert_close(made.video, embed_video(loaded, windows)[0][0])
    torch.testing.assert_close(made.text, embed_text(loaded, ["a dog barks"]))


def test_each_second_is_heard_alone_and_the_whole_at_once(
    tmp_path: Path, encoders: Encoders
) -> None:
    file = film(tmp_path / "a.mp4", 3)
    rate = encoders.ear.sample_rate
    wave = torch.from_numpy(read_audio(file, rate, 1).samples[:, : 3 * rate])

    made = encode(encoders, clip(file))

    for second in range(3):
        alone = encoders.ear.embed_audio(wave[:, second * rate : (second + 1) * rate], rate)
        torch.testing.assert_close(made.audio[second], alone[0], rtol=1e-3, atol=1e-4)
    whole = encoders.ear.embed_audio(wave, rate)[0]
    torch.testing.assert_close(made.whole, whole, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("seconds", "rows"), [(0.25, 1), (2.25, 2), (2.75, 3), (12, 10)])
def test_a_clip_has_a_row_for_each_second_that_is_worth_one(
    tmp_path: Path, encoders: Encoders, seconds: float, rows: int
) -> None:
    made = encode(encoders, clip(film(tmp_path / "a.mp4", seconds)))

    assert len(made.video) == len(made.audio) == rows


def test_a_clip_begins_where_the_table_says(tmp_path: Path, encoders: Encoders) -> None:
    file = film(tmp_path / "a.mp4", 4)

    whole, late = encode(encoders, clip(file)), encode(encoders, clip(file, Fraction(1)))

    assert len(late.video) == 3
    torch.testing.assert_close(late.video, whole.video[1:])


@pytest.mark.parametrize(
    ("seconds", "start", "name", "rows"),
    [(3, 30, "id.mp4", 3), (3, 30, "id_30.mp4", 3), (12, 4, "id.mp4", 8)],
)
def test_an_audiocaps_file_is_the_clip_or_the_film_it_was_cut_from(
    tmp_path: Path, encoders: Encoders, seconds: int, start: int, name: str, rows: int
) -> None:
    film(tmp_path / name, seconds)
    table = manifest(tmp_path / "c.csv", [(1, "id", start, "a dog barks")], AUDIOCAPS)

    result = prepare(read_manifest(table, tmp_path), tmp_path / "f", encoders)

    assert (result.made, result.broken) == (1, ())
    assert len(features.open_folder(tmp_path / "f").shard(0).features(0).video) == rows


def test_a_run_that_was_stopped_keeps_what_was_finished_and_goes_on(
    tmp_path: Path, encoders: Encoders
) -> None:
    rows = [(film(tmp_path / f"{n}.mp4", 1).name, 0, "a dog") for n in range(4)]
    table = read_manifest(manifest(tmp_path / "m.csv", rows, OURS))

    def stop(at: Progress) -> None:
        if at.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(table, tmp_path / "f", encoders, stop)
    rest = prepare(table, tmp_path / "f", encoders)

    assert (rest.made, rest.found) == (2, 2)
    assert features.open_folder(tmp_path / "f").keys() == {one.key for one in table.clips}


KILLED = """
import os, signal, sys
from pathlib import Path
from diffava_foley.training import features
from diffava_foley.training.encoding import open_encoders
from diffava_foley.training.manifests import read_manifest
from diffava_foley.training.prepare import prepare

def kill(at):
    if at.done == 3:
        os.kill(os.getpid(), signal.SIGKILL)

table, target, weights, features.SHARD_CLIPS, kept = *sys.argv[1:4], *map(int, sys.argv[4:])
encoders = open_encoders(weights, device="cpu")
prepare(read_manifest(Path(table)), Path(target), encoders, kill, kept_seconds=kept)
"""


@pytest.mark.parametrize(("shard", "seconds", "found"), [(2, 1000, 2), (64, 0, 3)])
def test_a_run_killed_outright_keeps_its_shards_and_ends_as_if_it_never_was(
    tmp_path: Path,
    encoders: Encoders,
    monkeypatch: pytest.MonkeyPatch,
    shard: int,
    seconds: int,
    found: int,
) -> None:
    rows = [(film(tmp_path / f"{n}.mp4", 1, 220 * (n + 1)).name, 0, "a dog") for n in range(4)]
    table = manifest(tmp_path / "m.csv", rows, OURS)
    arguments = [table, tmp_path / "killed", encoders.made.names[0], shard, seconds]

    killed = subprocess.run([sys.executable, "-P", "-c", KILLED, *map(str, arguments)], check=False)
    monkeypatch.setattr(features, "SHARD_CLIPS", shard)
    rest = prepare(read_manifest(table), tmp_path / "killed", encoders)
    prepare(read_manifest(table), tmp_path / "whole", encoders)

    assert killed.returncode == -signal.SIGKILL
    assert (rest.found, rest.made) == (found, 4 - found)
    one, other = (every_clip(features.open_folder(tmp_path / f)) for f in ("whole", "killed"))
    assert len(one) == 4
    for mine, theirs in zip(one, other, strict=True):
        assert all(torch.equal(vars(mine)[part], vars(theirs)[part]) for part in vars(mine))


def every_clip(folder: features.Folder) -> list[Features]:
    """The features of all clips, in their order."""
    shards = [folder.shard(number) for number in range(len(folder.clips))]
    return [shard.features(row) for shard in shards for row in range(len(shard))]


def test_a_broken_clip_that_was_mended_is_taken_the_next_time(
    tmp_path: Path, encoders: Encoders
) -> None:
    (tmp_path / "a.mp4").write_text("not a film")
    table = read_manifest(manifest(tmp_path / "m.csv", [("a.mp4", 0, "rain")], OURS))

    broken = prepare(table, tmp_path / "f", encoders)
    film(tmp_path / "a.mp4", 1)
    mended = prepare(table, tmp_path / "f", encoders)

    assert [one.clip for one in broken.broken] == ["a.mp4"]
    assert "cannot be read as media" in broken.broken[0].reason
    assert (mended.made, mended.broken) == (1, ())
    assert not (tmp_path / "f/broken.csv").exists()


def test_features_of_other_weights_are_not_mixed(
    tmp_path: Path, encoders: Encoders, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = read_manifest(
        manifest(tmp_path / "m.csv", [(film(tmp_path / "a.mp4", 1).name, 0, "rain")], OURS)
    )
    prepare(table, tmp_path / "f", encoders)
    other = builder.build(tmp_path_factory.mktemp("weights") / "other", seed=1)

    with pytest.raises(TrainingError, match="has features of other encoders"):
        prepare(table, tmp_path / "f", open_encoders(str(other), device="cpu"))
    with pytest.raises(CheckpointMismatch, match="is of another CLAP"):
        open_encoders(str(encoders.made.names[0]), audio_encoder=str(other), device="cpu")
