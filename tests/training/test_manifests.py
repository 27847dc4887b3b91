from fractions import Fraction
from pathlib import Path

import pytest

from diffava_foley.errors import TrainingError
from diffava_foley.training.manifests import read_manifest

from .footage import manifest

OURS, AUDIOCAPS = "clip,start,caption", "audiocap_id,youtube_id,start_time,caption"


def test_a_clip_is_read_with_its_exact_start_beside_the_table(tmp_path: Path) -> None:
    rows = [("a/dog.mp4", "1.1", "a dog barks", "2.5")]
    path = manifest(tmp_path / "m.csv", rows, f"{OURS},duration")

    (clip,) = read_manifest(path).clips

    assert clip.file == tmp_path / "a/dog.mp4"
    assert (clip.start, clip.duration) == (Fraction(11, 10), Fraction(5, 2))
    assert clip.captions == ("a dog barks",)


def test_a_media_folder_goes_before_the_tables(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m.csv", [("dog.mp4", "", "a dog")], OURS)

    (clip,) = read_manifest(path, tmp_path / "media").clips

    assert clip.file == tmp_path / "media/dog.mp4"
    assert (clip.start, clip.duration) == (0, None)


def test_all_that_is_said_of_a_clip_belongs_to_it(tmp_path: Path) -> None:
    rows = [("a.mp4", 0, "one"), ("b.mp4", 0, "else"), ("a.mp4", 0, "two"), ("a.mp4", 0, "one")]

    clips = read_manifest(manifest(tmp_path / "m.csv", rows, OURS)).clips

    assert {clip.name: clip.captions for clip in clips} == {
        "a.mp4": ("one", "two"),
        "b.mp4": ("else",),
    }


def test_the_order_has_nothing_to_do_with_the_tables(tmp_path: Path) -> None:
    rows = [(f"{n:03}.mp4", 0, "x") for n in range(100)]

    there = read_manifest(manifest(tmp_path / "a.csv", rows, OURS)).clips
    back = read_manifest(manifest(tmp_path / "b.csv", rows[::-1], OURS)).clips

    assert [clip.name for clip in there] == [clip.name for clip in back]
    assert [clip.name for clip in there] != [row[0] for row in rows]


def test_lines_that_cannot_be_understood_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        ("a.mp4", 0, "x"),
        ("b.mp4", "soon", "x"),
        ("c.mp4", 0, " "),
        ("d.mp4", -1, "x"),
        ("e",),
    ]

    found = read_manifest(manifest(tmp_path / "m.csv", rows, OURS))

    assert [clip.name for clip in found.clips] == ["a.mp4"]
    assert [(one.clip, one.reason) for one in found.broken] == [
        ("b.mp4", "'soon' is no number of seconds"),
        ("c.mp4", "the caption is empty"),
        ("d.mp4", "'-1' is no number of seconds"),
        ("e", "the caption is empty"),
    ]


def test_a_table_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("\ufeffclip,start,caption\r\na.mp4,0,Größe\r\n", "utf-8")

    (clip,) = read_manifest(tmp_path / "m.csv").clips

    assert clip.captions == ("Größe",)


@pytest.mark.parametrize(
    ("name", "start", "cut", "perhaps"),
    [
        ("91139.mp4", 30, True, False),
        ("-_id_30.mp4", 30, True, False),
        ("Y-_id_30_40.mkv", 30, True, False),
        ("-_id_000030.webm", 30, True, False),
        ("-_id_30000_40000.mp4", 30, True, False),
        ("-_id.mp4", 30, False, True),
        ("Y-_id.mp4", 30, False, True),
    ],
)
def test_audiocaps_clips_are_found_under_their_downloaders_names(
    tmp_path: Path, name: str, start: int, cut: bool, perhaps: bool
) -> None:
    rows = [(91139, "-_id", start, "a dog")]
    (tmp_path / "media/train").mkdir(parents=True)
    for file in (name, f"{Path(name).stem}.json", f"{Path(name).stem}.wav", "other.mp4"):
        (tmp_path / "media/train" / file).touch()

    (clip,) = read_manifest(manifest(tmp_path / "c.csv", rows, AUDIOCAPS), tmp_path / "media").clips

    assert clip.file == tmp_path / "media/train" / name
    assert (clip.cut, clip.perhaps_cut) == (cut, perhaps)
    assert (clip.name, clip.start, clip.duration) == ("-_id", start, 10)


def test_the_five_captions_of_an_audiocaps_clip_are_one_clip(tmp_path: Path) -> None:
    rows = [(n, "id", 30, f"caption {n}") for n in range(5)]
    (tmp_path / "media").mkdir()
    (tmp_path / "media/id_30.mp4").touch()

    (clip,) = read_manifest(manifest(tmp_path / "c.csv", rows, AUDIOCAPS), tmp_path / "media").clips

    assert clip.captions == tuple(f"caption {n}" for n in range(5))


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="has the columns clip, start and caption"):
        read_manifest(manifest(tmp_path / "m.csv", [], "name,words"))
    with pytest.raises(TrainingError, match="there is no clip in this manifest"):
        read_manifest(manifest(tmp_path / "m.csv", [], OURS))
