import os
from pathlib import Path

import numpy as np
import pytest
import torch

from diffava_foley.errors import WeightsError
from diffava_foley.model.pickled import read_tensors

TENSORS = {"weight": torch.arange(6.0).view(2, 3), "bias": torch.ones(2)}


class Evil:
    """What a pickle can do to whoever reads it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_are_read_by_name(tmp_path: Path, nested: bool, zipped: bool) -> None:
    file = tmp_path / "model.pt"
    content = {"state_dict": TENSORS, "epoch": 3, "optimizer": {"lr": 0.1}} if nested else TENSORS
    torch.save(content, file, _use_new_zipfile_serialization=zipped)

    read = read_tensors(file, "state_dict")

    assert list(read) == list(TENSORS)
    assert all(torch.equal(read[name], tensor) for name, tensor in TENSORS.items())


def test_numbers_of_numpy_beside_the_tensors_are_no_danger(tmp_path: Path) -> None:
    scores = {"recall": np.float64(0.5), "loss": np.float32(1.5), "step": np.int64(3)}
    torch.save({"state_dict": TENSORS, **scores}, tmp_path / "model.pt")

    assert read_tensors(tmp_path / "model.pt", "state_dict").keys() == TENSORS.keys()


def test_a_file_that_would_run_code_is_refused_and_does_not(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    torch.save({"state_dict": TENSORS, "args": Evil(mark)}, tmp_path / "evil.pt")

    with pytest.raises(WeightsError, match=r"holds more than tensors \(posix\.mkdir\)") as refusal:
        read_tensors(tmp_path / "evil.pt", "state_dict")

    assert "\n" not in str(refusal.value)
    assert not mark.exists()


def test_a_file_without_tensors_by_name_is_refused(tmp_path: Path) -> None:
    torch.save([torch.ones(2)], tmp_path / "list.pt")

    with pytest.raises(WeightsError, match="no tensors by name"):
        read_tensors(tmp_path / "list.pt", "state_dict")


def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "model.pt"
    torch.save(TENSORS, file)
    file.write_bytes(file.read_bytes()[:300])

    with pytest.raises(WeightsError, match=r"model\.pt") as refusal:
        read_tensors(file, "state_dict")

    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="there is no file"):
        read_tensors(tmp_path / "nothing.pt", "state_dict")
