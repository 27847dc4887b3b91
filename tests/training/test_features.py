from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from diffava_foley.errors import TrainingError
from diffava_foley.training import features

from .synthetic import MADE, clip, planted, write


def test_features_come_back_as_they_were_made_in_half_precision(tmp_path: Path) -> None:
    made = [planted(number, 1 + number, 2) for number in range(3)]

    features.begin(tmp_path, MADE).add([(clip(n), one) for n, one in enumerate(made)])
    shard = features.open_folder(tmp_path).shard(0)

    assert len(shard) == 3
    for row, one in enumerate(made):
        for name, part in vars(shard.features(row)).items():
            torch.testing.assert_close(part, getattr(one, name).half(), rtol=0, atol=0)


def test_a_shard_that_the_index_does_not_know_was_never_finished(tmp_path: Path) -> None:
    folder = write(tmp_path, 70)
    index = (tmp_path / "index.json").read_text()
    folder.add([(clip(70), planted(70, 2, 1))])
    (tmp_path / "index.json").write_text(index)  # killed between the two

    again = features.begin(tmp_path, MADE)
    grown = again.add([(clip(71), planted(71, 2, 1))])

    assert again.clips == (64, 6)
    assert grown.keys() == {clip(n).key for n in (*range(70), 71)}


def test_features_of_other_encoders_are_not_added(tmp_path: Path) -> None:
    write(tmp_path, 2)

    with pytest.raises(TrainingError, match="clap 'clap', not 'another'"):
        features.begin(tmp_path, replace(MADE, clap="another"))
    features.begin(tmp_path, replace(MADE, names=("renamed",)))


def test_any_program_can_read_a_shard(tmp_path: Path) -> None:
    write(tmp_path, 2, seconds=(3, 1), captions=2)

    with safe_open(tmp_path / "shard-00000.safetensors", "np") as shard:
        shapes = {name: shard.get_tensor(name).shape for name in shard.keys()}  # noqa: SIM118
        told = shard.metadata()["clips"]

    assert shapes["video"] == (4, MADE.video_width)
    assert shapes["audio"] == (4, MADE.text_width)
    assert shapes["text"] == (4, MADE.text_width)
    assert shapes["whole"] == (2, MADE.text_width)
    assert "caption 1 0" in told


@pytest.mark.parametrize("content", ["", "{}", '{"format": 99}', '{"format": 1, "made": {}}'])
def test_a_damaged_index_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "index.json").write_text(content)

    with pytest.raises(TrainingError, match="run train prepare anew"):
        features.open_folder(tmp_path)


def test_a_damaged_shard_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = write(tmp_path, 2)
    folder.file(0).write_bytes(b"half a file")

    for read in (folder.shard, folder.sources, lambda _: folder.keys()):
        with pytest.raises(TrainingError, match=r"shard-00000\.safetensors: cannot be read") as why:
            read(0)
        assert "\n" not in str(why.value)


def test_a_shard_is_as_readable_as_any_other_file(tmp_path: Path) -> None:
    folder = write(tmp_path, 2)
    (tmp_path / "other").touch()

    assert folder.file(0).stat().st_mode == (tmp_path / "other").stat().st_mode
