"""A new timeline: the old one as it was, and foley tracks under its pictures."""

import json
import logging
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime
from timeline.cutting import clip, cut, gap, marker, plan, save, span, speed, stack, track

from diffava_foley.errors import OutputError, TimelineError
from diffava_foley.timeline.documents import open_document
from diffava_foley.timeline.read import read
from diffava_foley.timeline.write import FoleyClip, TakeFile, without_ours, write

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.suffix in (".otio", ".otioz", ".json"))


def take(path: Path, seed: int = 1, caption: str = "rain") -> TakeFile:
    return TakeFile(path, caption, seed, {"steps": 20, "more": [1.5, None]}, "embedded", "CC0", 0.5)


def foley(start, duration, folder=Path("/takes"), name="rain", takes=1) -> FoleyClip:
    files = tuple(take(folder / f"{name}-{n}.wav", n) for n in range(takes))
    return FoleyClip("V1.1", name, Fraction(start), Fraction(duration), files)


def written(source: Path, clips, **options) -> otio.schema.Timeline:
    output = source.parent / "new" / "cut-foley.otio"
    write(source, output, clips, overwrite=True, **options)
    return otio.adapters.read_from_file(str(output))


def placed(audio) -> list[tuple[str, float, float]]:
    """Name, start and length in frames of the clips on a track."""
    ranges = [
        (item, item.range_in_parent()) for item in audio if isinstance(item, otio.schema.Clip)
    ]
    return [(item.name, r.start_time.value, r.duration.value) for item, r in ranges]


@pytest.fixture
def source(tmp_path):
    markers = [marker("rain", 20), marker("dog", 30, 12)]
    return save(cut(gap(10), clip("a", span(20, 40), markers), clip("b", span(0, 30))), tmp_path)


def test_foley_lies_exactly_under_its_picture(source):
    clips = [
        FoleyClip(s.id, s.caption, s.start, s.duration, (take(source.parent / "x.wav"),))
        for s in read(source).shots
    ]
    new = written(source, clips)

    first, second = new.audio_tracks()
    assert (first.name, second.name) == ("Foley", "Foley 2")
    assert placed(first) == [("rain", 10, 40)]
    assert placed(second) == [("dog", 20, 12)]


def test_clips_share_a_track_as_long_as_they_do_not_overlap(source):
    clips = [foley(Fraction(n, 24), Fraction(10, 24), name=str(n)) for n in (10, 0, 25, 5)]
    new = written(source, clips, track_name="Steps")

    first, second = new.audio_tracks()
    assert placed(first) == [("0", 0, 10), ("10", 10, 10), ("25", 25, 10)]
    assert placed(second) == [("5", 5, 10)]
    assert [t.name for t in new.audio_tracks()] == ["Steps", "Steps 2"]


@pytest.mark.parametrize("rate", [23.976, 23.976024627685547, 24000 / 1001, 25, 29.97, 59.94])
def test_frames_are_counted_as_the_timeline_counts_them(tmp_path, rate):
    picture = clip("a", span(7, 52, rate), [marker("rain", 7, 1, rate)])
    source = save(cut(gap(101, rate=rate), picture), tmp_path)
    (shot,) = read(source).shots
    new = written(source, [foley(shot.start, shot.duration)])

    video, audio = new.tracks
    assert audio[1].range_in_parent() == video[1].range_in_parent()
    assert audio[1].source_range == span(0, 52, rate)


def test_the_form_is_the_one_that_resolve_takes_back(source):
    (audio,) = written(source, [foley(0, 1, takes=3)]).audio_tracks()

    made = audio[0]
    references = made.media_references()
    assert made.active_media_reference_key == "DEFAULT_MEDIA"
    assert list(references) == ["DEFAULT_MEDIA", "Take 2", "Take 3"]
    assert [r.target_url for r in references.values()] == [f"/takes/rain-{n}.wav" for n in range(3)]
    assert all(r.available_range == made.source_range for r in references.values())


def test_a_clip_with_handles_can_be_trimmed_into_them(source):
    second = Fraction(1)
    longer = replace(foley(2, 1, takes=2), head=second / 2, tail=second, timecode=3600 * second)
    (audio,) = written(source, [longer]).audio_tracks()

    made = audio[1]
    assert placed(audio) == [("rain", 48, 24)]
    assert made.source_range == span(86_400 + 12, 24)
    for reference in made.media_references().values():
        assert reference.available_range == span(86_400, 12 + 24 + 24)


def test_every_take_tells_what_made_it(source):
    (audio,) = written(source, [foley(0, 1, takes=2)]).audio_tracks()

    origin = {
        "caption": "rain",
        "settings": {"steps": 20, "more": [1.5, None]},
        "weights": "embedded",
        "licence": "CC0",
        "score": 0.5,
    }
    made = json.loads(audio[0].to_json_string())
    assert made["metadata"]["diffava_foley"] == {"shot": "V1.1", "seed": 0, **origin}
    second = made["media_references"]["Take 2"]["metadata"]["diffava_foley"]
    assert second == {"seed": 1, **origin}


def test_takes_beside_the_new_timeline_have_relative_links(source):
    inside = source.parent / "new" / "cut.takes"
    (audio,) = written(source, [foley(0, 1, inside), foley(1, 1, source.parent)]).audio_tracks()

    assert audio[0].media_reference.target_url == "cut.takes/rain-0.wav"
    assert audio[1].media_reference.target_url == str(source.parent / "rain-0.wav")


def test_foley_of_an_earlier_run_is_replaced(source):
    once, again = source.parent / "once.otio", source.parent / "again.otio"
    write(source, once, [foley(0, 1), foley(0, 1)])
    write(once, again, [foley(1, 1, name="dog")])

    new = otio.adapters.read_from_file(str(again))
    assert [placed(t) for t in new.audio_tracks()] == [[("dog", 24, 24)]]


def test_an_editors_own_track_of_that_name_is_kept(tmp_path):
    own = track(clip("steps", span(0, 20)), name="Foley", kind="Audio")
    source = save(cut(track(clip("a", span(0, 20))), own), tmp_path)
    new = written(source, [foley(0, Fraction(1, 2))])

    assert [placed(t)[0][0] for t in new.audio_tracks()] == ["steps", "rain"]


def test_the_input_is_never_written(source):
    before = source.read_bytes()
    alias = source.parent / "alias.otio"
    alias.symlink_to(source)

    for output in (source, alias):
        with pytest.raises(OutputError, match="the timeline itself"):
            write(source, output, [foley(0, 1)], overwrite=True)
    assert source.read_bytes() == before


def test_what_is_there_already_is_kept_unless_told_otherwise(source):
    output = source.parent / "new.otio"
    output.write_text("mine")

    with pytest.raises(OutputError, match="already"):
        write(source, output, [foley(0, 1)])
    assert output.read_text() == "mine"
    write(source, output, [foley(0, 1)], overwrite=True)
    assert len(open_document(output).timeline().audio_tracks()) == 1


def test_a_clip_without_length_or_takes_is_refused(source):
    for bad in (foley(0, 0), foley(0, 1, takes=0)):
        with pytest.raises(OutputError, match="needs a length and a take"):
            written(source, [bad])


def test_a_folder_that_cannot_be_made_is_an_error(source):
    with pytest.raises(OutputError, match="folder cannot be made"):
        write(source, source / "new.otio", [foley(0, 1)])


def test_an_ending_nobody_can_write_is_refused(source):
    with pytest.raises(OutputError, match=r"ends in \.otio"):
        write(source, source.parent / "new.doc", [foley(0, 1)])


def test_an_unreadable_timeline_leaves_nothing_behind(tmp_path):
    (tmp_path / "cut.otio").write_text("{}")

    with pytest.raises(TimelineError):
        write(tmp_path / "cut.otio", tmp_path / "new.otio", [foley(0, 1)])
    assert [p.name for p in tmp_path.iterdir()] == ["cut.otio"]


def test_links_that_would_lead_nowhere_are_warned_of(source, caplog):
    with caplog.at_level(logging.WARNING):
        write(source, source.parent / "beside.otio", [foley(0, 1)])
        assert not caplog.records
        written(source, [foley(0, 1)])

    assert "2 of the timeline's own links, such as a.mov" in caplog.text.replace("b.mov", "a.mov")


# A round trip loses nothing


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_without_our_tracks_is_the_sample(path, tmp_path):
    number = FILES.index(path)
    output = tmp_path / f"new{('.otio', '.otioz', '.otiod')[number % 3]}"
    write(path, output, [foley(0, 1), foley(Fraction(1, 2), 1)])

    assert without_ours(open_document(output).content) == without_ours(open_document(path).content)
    assert len(open_document(output).timeline().tracks) == 2 + len(
        open_document(path).timeline().tracks
    )


def test_the_bytes_of_a_document_say_the_same_after_a_round_trip(tmp_path):
    """Against Python's own reading of the JSON, with newer and older schemas left as they are."""
    path = SAMPLES / "opentimelineio" / "screening_example.otio"
    write(path, tmp_path / "new.otio", [foley(0, 1)])

    old, new = (json.loads(p.read_text()) for p in (path, tmp_path / "new.otio"))
    ours = new["tracks"]["children"].pop()
    assert ours["metadata"]["diffava_foley"]
    assert new == old
    assert "Marker.3" in (tmp_path / "new.otio").read_text()


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)
SPANS = st.builds(
    span, st.integers(-9, 10**6), st.integers(1, 500), st.sampled_from([24, 25, 29.97, 23.976])
)
MARKERS = st.lists(st.builds(marker, NAMES, st.integers(0, 50), st.integers(0, 9)), max_size=2)
ITEMS = st.recursive(
    st.builds(clip, NAMES, SPANS, MARKERS)
    | st.builds(lambda s, f: clip("w", s, effects=[speed(f)]), SPANS, st.floats(-4, 4))
    | st.builds(gap, st.integers(1, 90), MARKERS),
    lambda inner: st.builds(lambda items: stack(track(*items)), st.lists(inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(
    tracks=st.lists(st.lists(ITEMS, max_size=4), max_size=3),
    markers=MARKERS,
    metadata=st.dictionaries(NAMES, JSON_VALUES, max_size=3),
    timecode=st.none() | st.integers(0, 10**6),
)
def test_any_timeline_is_planned_and_written_without_loss(
    tmp_path_factory, tracks, markers, metadata, timecode
):
    folder = tmp_path_factory.mktemp("cut")
    start = None if timecode is None else RationalTime(timecode, 24)
    timeline = cut(*(track(*items) for items in tracks), markers=markers, timecode=start)
    timeline.metadata["x"] = metadata
    source = folder / "cut.otio"
    otio.adapters.write_to_file(timeline, str(source))
    clips = [foley(s.start, s.duration) for s in read(source).shots]
    write(source, folder / "new.otio", clips)

    old, new = open_document(source), open_document(folder / "new.otio")
    assert without_ours(new.content) == old.content
    made = new.timeline()
    starts = [
        Fraction(item.range_in_parent().start_time.value)
        / Fraction(item.source_range.duration.rate)
        for audio in made.audio_tracks()
        for item in audio.find_clips()
    ]
    assert sorted(map(float, starts)) == pytest.approx(
        sorted(float(c.start) for c in clips), rel=1e-5, abs=1e-6
    )


# Bundles


def with_media(folder: Path) -> tuple[Path, FoleyClip]:
    source = save(cut(clip("a", span(0, 24), [marker("rain")]), clip("b", span(0, 24))), folder)
    (folder / "a.mov").write_bytes(b"picture a")
    (folder / "secret.txt").write_bytes(b"secret")
    takes = folder / "cut.takes"
    takes.mkdir()
    (takes / "a.mov").write_bytes(b"sound")
    return source, FoleyClip("V1.1", "rain", Fraction(0), Fraction(1), (take(takes / "a.mov"),))


def test_an_otioz_carries_pictures_and_takes(tmp_path):
    source, made = with_media(tmp_path)
    write(source, tmp_path / "cut-foley.otioz", [made])

    with zipfile.ZipFile(tmp_path / "cut-foley.otioz") as archive:
        media = {n: archive.read(n) for n in archive.namelist() if n.startswith("media/")}
    assert media == {"media/a.mov": b"picture a", "media/b.mov": b"", "media/a-2.mov": b"sound"}
    read_back = otio.adapters.read_from_file(str(tmp_path / "cut-foley.otioz"))
    urls = [found.media_reference.target_url for found in read_back.find_clips()]
    assert urls == ["media/a.mov", "media/b.mov", "media/a-2.mov"]


def test_an_otiod_carries_pictures_and_takes_and_is_replaced_whole(tmp_path):
    source, made = with_media(tmp_path)
    output = tmp_path / "cut-foley.otiod"
    write(source, output, [made])
    (output / "media" / "old.mov").touch()
    with pytest.raises(OutputError, match="already"):
        write(source, output, [made])
    write(source, output, [made], overwrite=True)

    assert sorted(p.name for p in (output / "media").iterdir()) == ["a-2.mov", "a.mov", "b.mov"]
    assert (output / "media" / "a-2.mov").read_bytes() == b"sound"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_bundle_of_a_bundle_carries_what_was_in_it(tmp_path):
    source, made = with_media(tmp_path)
    write(source, tmp_path / "one.otioz", [made])
    write(tmp_path / "one.otioz", tmp_path / "two.otioz", [made])

    with zipfile.ZipFile(tmp_path / "two.otioz") as archive:
        assert archive.read("media/a.mov") == b"picture a"


def test_a_bundle_never_carries_off_what_is_no_media(tmp_path):
    source = save(cut(clip("a", span(0, 24), url=str(tmp_path / "secret.txt"))), tmp_path)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    write(source, tmp_path / "new.otioz", [])

    with zipfile.ZipFile(tmp_path / "new.otioz") as archive:
        assert archive.namelist() == ["version.txt", "content.otio"]


def test_the_plan_of_a_new_timeline_is_that_of_the_old_one(tmp_path):
    timeline = cut(gap(3), clip("a", span(20, 40), [marker("rain")]))
    old = plan(timeline, tmp_path)
    write(tmp_path / "cut.otio", tmp_path / "new.otio", [foley(0, 1)])

    assert read(tmp_path / "new.otio").shots == old.shots
