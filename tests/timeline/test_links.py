import os
from pathlib import Path

import pytest

from diffava_foley.errors import MissingMedia
from diffava_foley.timeline.links import MediaFolder, parts_of, spellings


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("/Users/joshm/picchu edit/a.png", "/Users/joshm/picchu edit/a.png"),
        (r"C:\Users\robin\data\a.mov", r"C:\Users\robin\data\a.mov"),
        ("G:/汐/x.mp4", "G:/汐/x.mp4"),
        ("./x.mov", "./x.mov"),
        ("media/x#1.mov", "media/x#1.mov"),
        ("100%.mov", "100%.mov"),
        ("file:///Users/ann/a%20b.mov", "/Users/ann/a b.mov"),
        ("file://localhost/D%3a/film/a%20b.mov", "D:/film/a b.mov"),
        ("file:///X:/a%20b/c.mov", "X:/a b/c.mov"),
        ("file://server/share/a.mov", "//server/share/a.mov"),
        ("FILE:///a.mov", "/a.mov"),
        ("file:a.mov", "a.mov"),
    ],
)
def test_a_link_is_read_as_its_editor_meant_it(link, path):
    assert spellings(link)[0] == path


def test_a_name_that_only_looks_escaped_is_tried_both_ways():
    assert spellings("a%20b.mov") == ("a%20b.mov", "a b.mov")
    assert spellings("file:///tmp/100%25.mov") == ("/tmp/100%.mov", "/tmp/100%25.mov")


@pytest.mark.parametrize(
    "link",
    ["http://x/a.mov", "HTTPS://x/a.mov", "rtsp://x", "concat:a|b", "data:video/mp4,", "a\0.mov"],
)
def test_addresses_that_are_no_file_are_refused(link):
    with pytest.raises(MissingMedia):
        spellings(link)


def test_paths_of_any_system_come_apart():
    assert parts_of(r"C:\a b\c.mov") == ("C:", "a b", "c.mov")
    assert parts_of("/a/b.mov")[-1] == "b.mov"


def make(root: Path, *names: str) -> list[Path]:
    paths = [root / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return paths


def test_media_is_found_by_name_whatever_the_case_or_the_system(tmp_path):
    (file,) = make(tmp_path, "deep/down/É a.MOV")

    assert MediaFolder(tmp_path).find("C:\\x\\E\u0301 A.mov") == file
    assert MediaFolder(tmp_path).find("/else/b.mov") is None


def test_of_several_files_the_one_in_the_most_alike_folders_is_meant(tmp_path):
    one, two = make(tmp_path, "day1/A/clip.mov", "day2/A/clip.mov")

    assert MediaFolder(tmp_path).find("/x/day2/a/clip.mov") == two
    assert MediaFolder(tmp_path).find("D:/day1/A/clip.mov") == one
    with pytest.raises(MissingMedia, match="several"):
        MediaFolder(tmp_path).find("/x/clip.mov")


def test_nothing_outside_the_media_folder_is_found(tmp_path):
    (outside,) = make(tmp_path, "secret.mov")
    (inside,) = make(tmp_path, "root/real.mov")
    root = inside.parent
    os.symlink(outside, root / "secret.mov")
    os.symlink(tmp_path, root / "up")
    os.symlink(inside, root / "alias.mov")
    folder = MediaFolder(root)

    assert folder.find("secret.mov") is None
    assert folder.find("../secret.mov") is None
    assert folder.find("/alias.mov") == root / "alias.mov"


def test_a_name_without_an_ending_is_found_if_it_is_the_only_one(tmp_path):
    (file,) = make(tmp_path, "A001_C002.mxf")

    assert MediaFolder(tmp_path).find_stem("a001_c002") == file
    make(tmp_path, "x/A001_C002.wav")
    with pytest.raises(MissingMedia, match="several"):
        MediaFolder(tmp_path).find_stem("a001_c002")
