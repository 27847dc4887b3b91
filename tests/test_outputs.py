"""A new timeline never destroys anything."""

from pathlib import Path

import pytest

from diffava_foley.errors import OutputError
from diffava_foley.outputs import check_output, default_output, remember_output, takes_folder


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    path = tmp_path / "cut.otio"
    path.write_text("{}")
    return path


def test_a_new_timeline_goes_beside_the_old_one_and_its_takes_beside_it(cut: Path) -> None:
    output = default_output(cut)

    assert output == cut.with_name("cut-foley.otio")
    assert takes_folder(output) == cut.with_name("cut-foley.takes")


def test_the_input_is_never_the_output(cut: Path) -> None:
    cut.with_name("link.otio").symlink_to(cut)

    for output in (cut, cut.with_name("link.otio"), cut.parent / "." / "cut.otio"):
        with pytest.raises(OutputError, match="the timeline itself"):
            check_output(cut, output, overwrite=True)


def test_our_own_timeline_may_be_written_again(cut: Path) -> None:
    output = default_output(cut)
    output.write_text("ours")
    remember_output(output)

    check_output(cut, output, overwrite=False)


def test_a_timeline_that_was_changed_since_is_kept(cut: Path) -> None:
    output = default_output(cut)
    output.write_text("ours")
    remember_output(output)
    output.write_text("edited")

    with pytest.raises(OutputError, match="--overwrite"):
        check_output(cut, output, overwrite=False)
    check_output(cut, output, overwrite=True)


def test_somebody_elses_timeline_is_kept(cut: Path) -> None:
    default_output(cut).write_text("theirs")

    with pytest.raises(OutputError, match="--overwrite"):
        check_output(cut, default_output(cut), overwrite=False)


@pytest.mark.parametrize("name", ["cut.wav", "cut", "cut.edl"])
def test_only_timelines_are_written(cut: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.otio"):
        check_output(cut, cut.with_name(name), overwrite=False)


def test_a_file_in_the_way_of_the_folder_is_told_before_any_work(cut: Path) -> None:
    with pytest.raises(OutputError, match="in the way"):
        check_output(cut, cut / "new.otio", overwrite=False)


def test_a_folder_that_cannot_be_written_to_is_told_before_any_work(
    cut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)

    with pytest.raises(OutputError, match="cannot be written to"):
        check_output(cut, default_output(cut), overwrite=False)


def test_a_folder_that_is_not_there_yet_is_fine(cut: Path) -> None:
    check_output(cut, cut.parent / "new" / "folder" / "cut.otio", overwrite=False)

    assert not (cut.parent / "new").exists()
