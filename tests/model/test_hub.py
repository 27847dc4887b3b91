from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError
from tqdm import tqdm

from diffava_foley.errors import WeightsError
from diffava_foley.model import hub

COMMIT = "0123456789abcdef"


class Hub:
    """A hub of one repository, and what was asked of it."""

    def __init__(self, root: Path, files: dict[str, int]) -> None:
        self.cache, self.files = root / COMMIT, files
        self.fetched: list[str] = []
        self.broken: Exception | None = None

    def model_info(self, repository: str, **_: Any) -> SimpleNamespace:
        if self.broken:
            raise self.broken
        siblings = [SimpleNamespace(rfilename=n, size=s) for n, s in self.files.items()]
        return SimpleNamespace(sha=COMMIT, siblings=siblings)

    def hf_hub_download(
        self, repository: str, name: str, *, revision: str, tqdm_class: type[tqdm]
    ) -> str:
        assert revision == COMMIT
        with tqdm_class(total=self.files[name], desc=name) as bar:
            bar.update(self.files[name] // 2)
        self.fetched.append(name)
        (self.cache / name).parent.mkdir(parents=True, exist_ok=True)
        (self.cache / name).touch()
        return str(self.cache / name)

    def snapshot_download(
        self, repository: str, *, local_files_only: bool = False, **_: Any
    ) -> str:
        if local_files_only and not self.cache.is_dir():
            raise LocalEntryNotFoundError("nothing here")
        return str(self.cache)


FILES = {
    "README.md": 10,
    "unet/config.json": 20,
    "unet/model.safetensors": 1000,
    "unet/model.bin": 1000,
    "samples/demo.json": 5,
    "train.py": 7,
}


@pytest.fixture
def online(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    fake = Hub(tmp_path, dict(FILES))
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: fake)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fake.hf_hub_download)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fake.snapshot_download)
    return fake


def test_only_the_parts_are_fetched_and_never_a_pickle_or_a_program(
    online: Hub, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[int, int]] = []

    snapshot = hub.fetch("a/b", ["unet"], progress=lambda done, total: told.append((done, total)))

    assert snapshot == hub.Snapshot("a/b", COMMIT, online.cache)
    assert online.fetched == ["README.md", "unet/config.json", "unet/model.safetensors"]
    assert told == [(5, 1030), (10, 1030), (20, 1030), (30, 1030), (530, 1030), (1030, 1030)]
    assert capfd.readouterr().err == ""


def test_what_was_fetched_once_is_not_asked_for_again(online: Hub) -> None:
    hub.fetch("a/b", ["unet"])
    online.broken = AssertionError("the hub was asked")
    online.fetched.clear()

    assert hub.fetch("a/b", ["unet"], offline=True).commit == COMMIT
    assert online.fetched == []


def test_a_refresh_asks_the_hub_again(online: Hub) -> None:
    hub.fetch("a/b", ["unet"])
    online.fetched.clear()

    hub.fetch("a/b", ["unet"], refresh=True)

    assert online.fetched


def test_an_interrupted_download_is_taken_up_again(online: Hub) -> None:
    online.cache.mkdir()
    (online.cache / "README.md").touch()

    with pytest.raises(WeightsError, match="not on this machine"):
        hub.fetch("a/b", ["unet"], offline=True)
    assert hub.fetch("a/b", ["unet"]).folder == online.cache


def test_a_repository_of_pickles_is_refused_before_anything_is_fetched(online: Hub) -> None:
    del online.files["unet/model.safetensors"]

    with pytest.raises(WeightsError, match="a/b has its unet only pickled"):
        hub.fetch("a/b", ["unet"])

    assert online.fetched == []


def test_optional_parts_are_fetched_where_they_are(online: Hub) -> None:
    online.files |= {"foley.json": 1, "alignment/config.json": 2, "alignment/model.safetensors": 3}

    hub.fetch("a/b", ["unet"], ["alignment", "audio_encoder"])

    assert {"foley.json", "alignment/model.safetensors"} <= set(online.fetched)


def test_a_repository_that_is_one_part_is_fetched_whole(online: Hub) -> None:
    online.files = {"config.json": 1, "model.safetensors": 2, "pytorch_model.bin": 2, "x/y.json": 1}

    hub.fetch("a/b")

    assert "pytorch_model.bin" not in online.fetched
    assert {"config.json", "model.safetensors"} <= set(online.fetched)


@pytest.mark.parametrize(
    "broken", [OSError("no route\nto host"), RuntimeError(""), ConnectionError("refused")]
)
def test_a_broken_network_is_told_in_one_line(online: Hub, broken: Exception) -> None:
    online.broken = broken

    with pytest.raises(WeightsError, match="check the network and try again") as refusal:
        hub.fetch("a/b", ["unet"])

    assert "\n" not in str(refusal.value)
