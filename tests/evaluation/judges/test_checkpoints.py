import pickle

import numpy as np
import pytest
import torch

from diffava_foley.errors import WeightsError
from diffava_foley.evaluation.judges import checkpoints


class Evil:
    def __reduce__(self):
        return (print, ("code of the file was run",))


def test_weights_are_found_bare_and_under_model(tmp_path):
    bare, under = tmp_path / "bare.pth", tmp_path / "under.pth"
    torch.save({"a": torch.ones(2)}, bare)
    torch.save({"iteration": 7, "model": {"a": torch.ones(2)}}, under)

    assert checkpoints.read_state(bare)["a"].tolist() == [1, 1]
    assert checkpoints.read_state(under)["a"].tolist() == [1, 1]


@pytest.mark.parametrize("numpy_was", [b"numpy.core.multiarray", b"numpy._core.multiarray"])
def test_a_sampler_saved_beside_the_weights_does_no_harm(tmp_path, numpy_was):
    path = tmp_path / "old.pth"
    saved = {"model": {"a": torch.ones(2)}, "sampler": {"indexes": np.arange(4), "pointer": 1}}
    torch.save(saved, path, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes().replace(b"numpy._core.multiarray", numpy_was))
    assert numpy_was in path.read_bytes()

    assert checkpoints.read_state(path)["a"].tolist() == [1, 1]


def test_code_in_a_checkpoint_is_never_run(tmp_path, capsys):
    path = tmp_path / "evil.pth"
    torch.save({"model": {"a": torch.ones(2)}, "more": Evil()}, path)

    with pytest.raises(WeightsError, match=r"evil\.pth: these weights cannot be read"):
        checkpoints.read_state(path)
    assert "code of the file" not in capsys.readouterr().out


def test_what_is_no_checkpoint_is_named(tmp_path):
    text, numbers = tmp_path / "text.pth", tmp_path / "numbers.pth"
    text.write_bytes(pickle.dumps("text", protocol=2))
    torch.save([1, 2], numbers)

    with pytest.raises(WeightsError, match="no such file"):
        checkpoints.read_state(tmp_path / "gone.pth")
    with pytest.raises(WeightsError):
        checkpoints.read_state(text)
    with pytest.raises(WeightsError, match="no weights by name"):
        checkpoints.read_state(numbers)
