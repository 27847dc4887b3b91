"""Timeline files as they come: bundles, newer schemas, parts of a timeline, and what is none."""

import json
import logging
import zipfile

import opentimelineio as otio
import pytest
from opentimelineio.schema import SerializableCollection
from timeline.cutting import clip, cut, marker, plan, save, shots, span, stack, track

from diffava_foley.errors import TimelineError
from diffava_foley.timeline import read as reading
from diffava_foley.timeline.documents import open_document
from diffava_foley.timeline.read import read, suffixes
from diffava_foley.timeline.shots import ReadOptions


def one_clip():
    return clip("a", span(0, 20), [marker("rain")])


def edited(folder, change, timeline=None):
    """A timeline whose JSON was changed by hand."""
    path = save(timeline or cut(one_clip()), folder)
    content = json.loads(path.read_text())
    made = content["tracks"]["children"][0]["children"][0]
    change(content, made)
    path.write_text(json.dumps(content))
    return path


def test_a_newer_marker_with_a_colour_in_numbers_is_read(tmp_path):
    def newer(content, made):
        for made_marker, colour in zip(
            made["markers"],
            [{"name": "GREEN", "r": 0.0}, {"r": 1.0, "g": 0.5, "b": 0.0, "a": 1.0}],
            strict=True,
        ):
            made_marker |= {"OTIO_SCHEMA": "Marker.3", "color": {"OTIO_SCHEMA": "Color.1"} | colour}

    markers = [marker("rain", 0), marker("dog", 9)]
    path = edited(tmp_path, newer, cut(clip("a", span(0, 20), markers)))

    assert [caption for caption, *_ in shots(read(path))] == ["rain", "dog"]
    green = read(path, ReadOptions(marker_colours=frozenset({"green"})))
    assert [caption for caption, *_ in shots(green)] == ["rain"]
    orange = read(path, ReadOptions(marker_colours=frozenset({"#FF8000"})))
    assert [caption for caption, *_ in shots(orange)] == ["dog"]


def test_a_newer_schema_that_cannot_be_stepped_down_is_refused_with_what_to_do(tmp_path):
    path = edited(tmp_path, lambda content, made: made.update(OTIO_SCHEMA="Clip.3"))

    with pytest.raises(TimelineError, match=r"Clip\.3.*knows Clip\.2.*pip install"):
        read(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda c, clip: clip["effects"].append({"OTIO_SCHEMA": "Sparkle.1", "name": "s"}),
        lambda c, clip: clip["effects"].append({"OTIO_SCHEMA": "Effect.1"}),
        lambda c, clip: clip.pop("metadata"),
        lambda c, clip: clip["markers"][0].update(marked_range=None),
        lambda c, clip: clip["metadata"].update(x={"OTIO_SCHEMA": "Mystery.7", "y": [None]}),
        lambda c, clip: c.pop("metadata"),
        lambda c, clip: clip["media_references"].update(
            Cloud={"OTIO_SCHEMA": "CloudReference.1", "id": 3}
        ),
    ],
)
def test_what_the_library_would_stumble_over_is_read(tmp_path, change):
    path = edited(tmp_path, change)

    assert shots(read(path)) == [("rain", "a", 0, 20)]


def test_an_unknown_effect_on_time_is_not_passed_over(tmp_path):
    path = edited(
        tmp_path, lambda c, clip: clip["effects"].append({"OTIO_SCHEMA": "TimeRemap.1", "name": ""})
    )

    assert "'TimeRemap'" in read(path).skipped[0].reason


def test_an_unknown_item_takes_its_time(tmp_path):
    def strange(content, made):
        item = {"OTIO_SCHEMA": "Slug.1", "source_range": made["source_range"]}
        content["tracks"]["children"][0]["children"].insert(0, item)

    assert shots(read(edited(tmp_path, strange))) == [("rain", "a", 20, 20)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": 3}',
        b'{"OTIO_SCHEMA": "Marker.2", "name": "", "metadata": {}}',
        b"[" * 5000,
        b'{"a":' * 100_000,
        b'{"OTIO_SCHEMA": "Timeline.1", "metadata": ' + b'{"a":' * 600 + b"1" + b"}" * 601,
    ],
)
def test_what_is_no_timeline_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "cut.otio"
    path.write_bytes(text)

    with pytest.raises(TimelineError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_of_another_kind_says_so(tmp_path):
    with pytest.raises(TimelineError, match="no such timeline"):
        read(tmp_path / "cut.otio")
    (tmp_path / "cut.mp4").touch()
    with pytest.raises(TimelineError, match=r"\.mp4 is no timeline format.*\.otio"):
        read(tmp_path / "cut.mp4")
    (tmp_path / "folder.otio").mkdir()
    with pytest.raises(TimelineError, match="cannot be read"):
        read(tmp_path / "folder.otio")


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = save(cut(one_clip()), tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(read(path).shots) == 1


@pytest.mark.parametrize("make", [one_clip, lambda: track(one_clip()), lambda: stack(one_clip())])
def test_a_part_of_a_timeline_is_planned_like_one(tmp_path, make):
    assert [s[0] for s in shots(plan(make(), tmp_path))] == ["rain"]


def test_of_a_collection_the_first_timeline_is_used(tmp_path, caplog):
    collection = SerializableCollection("bin", [one_clip(), cut(one_clip()), cut()])
    with caplog.at_level(logging.WARNING):
        made = plan(collection, tmp_path)

    assert len(made.shots) == 1
    assert "holds 2 timelines" in caplog.text
    with pytest.raises(TimelineError, match="holds no timeline"):
        plan(SerializableCollection("bin", []), tmp_path)


def test_an_otiod_has_its_media_in_it(tmp_path):
    folder = tmp_path / "cut.otiod"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.mov").touch()
    made = clip("a", span(0, 20), [marker("rain")], url="media/a.mov")
    save(cut(made), folder, "content.otio")

    assert read(folder).shots[0].source.path == folder / "media" / "a.mov"


def pack(path, timeline, **media):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version.txt", "1.0.0")
        archive.writestr("content.otio", otio.adapters.write_to_string(timeline))
        for name, content in media.items():
            archive.writestr(name, content)
    return path


def test_an_otioz_is_unpacked_as_far_as_captions_need_it(tmp_path):
    captioned = clip("a", span(0, 20), [marker("rain")], url="media/a.mov")
    other = clip("b", span(0, 20), url="media/b.mov")
    media = {"media/a.mov": b"picture", "media/b.mov": b"other"}
    path = pack(tmp_path / "cut.otioz", cut(captioned, other), **media)
    made = read(path, ReadOptions(unpack_to=tmp_path / "unpacked"))

    assert made.shots[0].source.path.read_bytes() == b"picture"
    unpacked = [p.name for p in (tmp_path / "unpacked").rglob("*") if p.is_file()]
    assert unpacked == ["a.mov"]


def test_nothing_is_unpacked_outside_its_folder(tmp_path):
    urls = ["../evil.mov", "/evil.mov", "media/../../evil.mov"]
    clips = [clip(str(n), span(0, 5), [marker("x")], url=u) for n, u in enumerate(urls)]
    path = pack(tmp_path / "cut.otioz", cut(*clips), **dict.fromkeys(urls, b"evil"))
    made = read(path, ReadOptions(unpack_to=tmp_path / "unpacked"))

    assert all(shot.problem for shot in made.shots)
    assert not list(tmp_path.rglob("evil.mov"))


def test_a_damaged_archive_is_refused(tmp_path):
    (tmp_path / "cut.otioz").write_bytes(b"PK no zip")
    with pytest.raises(TimelineError, match="cannot be read"):
        read(tmp_path / "cut.otioz")
    with zipfile.ZipFile(tmp_path / "empty.otioz", "w") as archive:
        archive.writestr("readme", "")
    with pytest.raises(TimelineError, match=r"content\.otio"):
        read(tmp_path / "empty.otioz")


def test_a_format_of_an_installed_adapter_is_read(tmp_path, monkeypatch):
    path = tmp_path / "cut.xml"
    path.write_text("<xml/>")
    monkeypatch.setattr(
        otio.adapters, "suffixes_with_defined_adapters", lambda read=False, write=False: {"xml"}
    )
    monkeypatch.setattr(otio.adapters, "read_from_file", lambda name: cut(one_clip()))

    assert shots(read(path)) == [("rain", "a", 0, 20)]
    monkeypatch.setattr(otio.adapters, "read_from_file", lambda name: 1 / 0)
    with pytest.raises(TimelineError, match="division by zero"):
        read(path)


def test_the_known_formats_are_told():
    assert {".otio", ".otioz", ".otiod"} <= suffixes()
    assert reading.suffixes is suffixes


def test_only_shots_asked_for_are_planned(tmp_path):
    timeline = cut(
        clip("door", span(0, 5), [marker("slam")]), clip("b", span(0, 5), [marker("Rain")])
    )

    assert [s[0] for s in shots(plan(timeline, tmp_path, only="rain"))] == ["Rain"]
    assert [s[0] for s in shots(plan(timeline, tmp_path, only="d*r"))] == ["slam"]
    assert [s[0] for s in shots(plan(timeline, tmp_path, only="oo"))] == ["slam"]
    made = plan(timeline, tmp_path, only="cat")
    assert made.shots == ()
    assert made.skipped[0].reason == "“slam” is not among those asked for"


def test_a_file_is_only_read(tmp_path):
    path = save(cut(one_clip()), tmp_path)
    before = path.read_bytes()

    read(path)
    open_document(path).timeline()

    assert path.read_bytes() == before
