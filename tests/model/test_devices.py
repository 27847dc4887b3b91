import pytest
import torch

from diffava_foley.errors import FoleyError
from diffava_foley.model import devices


def test_what_is_asked_for_is_given() -> None:
    assert devices.choose("cpu", "float16") == (torch.device("cpu"), torch.float16)


def test_auto_takes_the_fastest_device_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    assert devices.choose() == (torch.device("cuda"), torch.float16)

    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))
    assert devices.choose() == (torch.device("cuda"), torch.bfloat16)

    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (6, 1))
    assert devices.choose() == (torch.device("cuda"), torch.float32)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.choose() == (torch.device("mps"), torch.float32)


@pytest.mark.parametrize(("native", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_cpu_computes_in_bfloat16_only_if_it_can_itself(
    monkeypatch: pytest.MonkeyPatch, native: bool, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(devices, "cpu_has_bfloat16", lambda: native)

    assert devices.choose("cpu") == (torch.device("cpu"), dtype)


def test_what_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    with pytest.raises(FoleyError, match="this machine has no cuda"):
        devices.choose("cuda")
    with pytest.raises(FoleyError, match="no device 'tpu'"):
        devices.choose("tpu")
    with pytest.raises(FoleyError, match="no precision 'int8'"):
        devices.choose("cpu", "int8")
