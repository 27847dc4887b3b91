"""``doctor`` says what is here, what is missing, and what to do."""

from collections import namedtuple
from importlib.metadata import PackageNotFoundError, version

import pytest

from .conftest import Command


def test_it_looks_at_packages_device_weights_timelines_and_disk(foley: Command) -> None:
    told = foley("doctor").stdout

    for words in ("Python", "torch", "computes on", "embedded", ".otio", "GiB free"):
        assert words in told


def test_a_missing_package_is_named_with_the_way_to_get_it(
    foley: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_soxr(name: str) -> str:
        if name == "soxr":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr("diffava_foley.cli.doctor.version", without_soxr)

    result = foley("doctor")

    assert result.exit_code == 1
    assert "soxr is missing" in result.stdout
    assert "pip install 'soxr" in result.stdout


def test_a_full_disk_is_seen(foley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10, 10, 0))

    result = foley("doctor")

    assert result.exit_code == 1
    assert "free some space" in result.stdout
