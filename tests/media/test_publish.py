import os
from collections.abc import Callable
from pathlib import Path

import pytest
from media.disks import small_disk

from diffava_foley.errors import OutputError
from diffava_foley.media.publish import new_file


def publish(path: Path, *steps: Callable[..., object]) -> None:
    """Write a file in steps, each given the open file."""
    with new_file(path) as file:
        for step in steps:
            step(file)


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_appears_when_it_is_finished(tmp_path):
    with new_file(tmp_path / "a.wav") as file:
        file.write(b"half")
        assert not (tmp_path / "a.wav").exists()
        file.write(b" and half")

    assert names(tmp_path) == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == b"half and half"


def test_its_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "usual").touch()

    with new_file(tmp_path / "a.wav"):
        pass

    assert (tmp_path / "a.wav").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_an_unfinished_file(tmp_path, failure):
    def fail(file):
        file.write(b"half")
        raise failure

    with pytest.raises(failure):
        publish(tmp_path / "a.wav", fail)

    assert names(tmp_path) == []


def test_a_file_that_is_there_is_not_touched(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"mine")

    with pytest.raises(OutputError, match="there is such a file already"):
        publish(tmp_path / "a.wav")

    assert (tmp_path / "a.wav").read_bytes() == b"mine"


def test_a_file_that_came_meanwhile_is_not_touched(tmp_path):
    def interfere(file):
        file.write(b"ours")
        (tmp_path / "a.wav").write_bytes(b"theirs")

    with pytest.raises(OutputError, match="there is such a file already"):
        publish(tmp_path / "a.wav", interfere)

    assert (tmp_path / "a.wav").read_bytes() == b"theirs"
    assert names(tmp_path) == ["a.wav"]


def test_a_file_is_replaced_if_that_is_wanted(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"old")

    with new_file(tmp_path / "a.wav", overwrite=True) as file:
        file.write(b"new")

    assert (tmp_path / "a.wav").read_bytes() == b"new"


def test_without_hard_links_a_file_is_renamed(tmp_path, monkeypatch):
    def refuse(*paths):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    with new_file(tmp_path / "a.wav") as file:
        file.write(b"a")

    assert names(tmp_path) == ["a.wav"]


def test_a_folder_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(OutputError, match="No such file or directory"):
        publish(tmp_path / "gone" / "a.wav")


def test_a_full_disk_is_reported_and_nothing_is_left(tmp_path):
    with small_disk(10_000), pytest.raises(OutputError, match="File too large"):
        publish(tmp_path / "a.wav", lambda file: file.write(bytes(20_000)))

    assert names(tmp_path) == []


def test_the_first_failure_is_the_one_reported(tmp_path):
    def write_on(file):
        try:
            file.write(bytes(20_000))
        except OSError:
            file.write(b"the trailer")
            raise ValueError("a library's own words") from None

    with small_disk(10_000), pytest.raises(OutputError, match="File too large"):
        publish(tmp_path / "a.wav", write_on)
