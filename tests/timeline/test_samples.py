"""Real timelines, planned. Every expectation was worked out by hand from the file.

Times are frames of the timeline's rate.
"""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from timeline.cutting import FILM, shots
from timeline.sample_files import FILES, NAMES, SAMPLES, captioned

from diffava_foley.timeline.documents import open_document
from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import ReadOptions


def sample_plan(name: str, tmp_path: Path, **options):
    return read(SAMPLES / name, ReadOptions(unpack_to=tmp_path / "unpacked", **options))


def skipped(plan) -> list[tuple[str, Fraction, Fraction]]:
    return [(s.clip, s.start * plan.rate, s.duration * plan.rate) for s in plan.skipped]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_planned(path, tmp_path):
    made = read(path, ReadOptions(unpack_to=tmp_path))

    assert made.duration > 0
    for shot in made.shots:
        assert shot.caption
        assert 0 <= shot.start < shot.start + shot.duration <= made.duration
        assert (shot.source is None) == (shot.problem is not None)
    for item in made.skipped:
        assert item.reason


# Rate, length, and the shots: caption, clip, start, length
TABLE = {
    "ayon/img_seq_23.976_metadata.json": (FILM, 51, []),  # its tag is a pipeline's task
    "ayon/img_seq_2x_speed_resolve.json": (24, 11, []),  # its note is a pipeline's JSON
    "ayon/img_seq_freeze_frame.json": (FILM, 5, []),
    "ayon/movie_with_handles.json": (25, 171, []),
    "ayon/multiple_review_clips.json": (25, 12 * 101 + 31, []),
    "ayon/qt_23.976_embedded_long_tc.json": (FILM, 82, []),
    "ayon/qt_embedded_tc.json": (25, 44, []),
    "ayon/qt_retimed_speed.json": (25, 171, []),
    "ayon/qt_reverse_speed_2x.json": (FILM, 11, []),
    "ayon/timeline.json": (FILM, 24 + 52 + 51 + 65 + 24, []),  # tasks and JSON, no words
    "opentimelineio/effects.otio": (24, 1125, []),
    "opentimelineio/generator_reference_test.otio": (24, 50, []),
    "opentimelineio/multiple_track.otio": (24, 3 + 6 + 4 + 6, []),
    "opentimelineio/multitrack.otio": (24, 720 + 83 + 722 + 432 + 720 + 605, []),
    "opentimelineio/nested_example.otio": (24, 238 + 31 + 33 + 29 + 63 + 4 + 238, []),
    "opentimelineio/screening_example.otio": (
        24,
        1049,
        # Two markers of an EDL, of the same text, in record timecode; a third has no text
        [("ANIM FIX NEEDED", "ZZ100_504C (LAY1)", 31 + 50 + 28, 115)],
    ),
    "opentimelineio/simple_cut.otio": (24, 3 + 6 + 4 + 6, []),
    "opentimelineio/transition.otio": (24, 3 + 6 + 4 + 6, []),
    "tlrender/AudioTonesAndVideo.otio": (24, 3 * 24 + 9 * 12 + 12 * 24, []),
    "tlrender/Gap.otio": (30, 90, []),
    "tlrender/LinearTimeWarp.otio": (30, 90, []),
    "tlrender/Markers.otio": (
        30,
        90,
        # 0, 1 and 2 on the first clip count from the clip's start; 4 is on the track; 3 on the gap
        [
            ("Marker 1", "BART_2021-02-07", 0, 15),
            ("Marker 4", "BART_2021-02-07", 0, 30),
            ("Marker 0", "BART_2021-02-07", 10, 10),
            ("Marker 2", "BART_2021-02-07", 15, 15),
            ("Marker 4", "BART_2021-02-07", 60, 30),
        ],
    ),
    "tlrender/MultipleMediaRefs.otio": (24, 48, []),
    # A gap of 1 at 24, one of 30 at 30, and 232 frames at 23.976
    "tlrender/MultipleRates.otio": (24, 1 + 24 + 232 * 24 / FILM, []),
    "tlrender/SingleClip.otioz": (30, 90, []),
    "tlrender/StillImage.otio": (24, 72, []),
    "tlrender/TransitionOverlay.otio": (30, 180, []),
    "toucan/LinearTimeWarp.otio": (24, 3 + 8, []),
    "toucan/Markers.otio": (
        24,
        9,
        # A at 0-3, a gap, C at 6-9. The stack's marker is 0-9, the track's are 0-4 and 4-9.
        [
            ("Letter_A Marker", "Letter_A", 0, 3),
            ("Track Marker 0", "Letter_A", 0, 3),
            ("Stack Marker", "Letter_A", 0, 3),
            ("Letter_C Marker 0", "Letter_C", 6, 2),
            ("Track Marker 1", "Letter_C", 6, 3),
            ("Stack Marker", "Letter_C", 6, 3),
            ("Letter_C Marker 1", "Letter_C", 7, 2),
        ],
    ),
    "toucan/MissingMedia.otio": (24, 3, []),
    "toucan/MultipleEffects.otio": (24, 10, []),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_sample_has_the_shots_that_are_in_it(name, tmp_path):
    rate, length, expected = TABLE[name]
    made = sample_plan(name, tmp_path)

    assert made.rate == rate
    assert made.duration * made.rate == length
    assert shots(made) == expected


NO_MARKER = "no caption: it has no marker"
NO_TEXT = "no caption: none of its markers has a text that counts"

# How many clips are passed over and why, as a search for clips in the file itself counts them
REASONS = {
    "ayon/img_seq_23.976_metadata.json": {NO_TEXT: 1},
    "ayon/img_seq_2x_speed_resolve.json": {NO_TEXT: 1},
    "ayon/img_seq_freeze_frame.json": {NO_TEXT: 1},
    "ayon/movie_with_handles.json": {NO_TEXT: 1},
    "ayon/multiple_review_clips.json": {NO_MARKER: 13},
    "ayon/qt_23.976_embedded_long_tc.json": {NO_TEXT: 1},
    "ayon/qt_embedded_tc.json": {NO_TEXT: 1},
    "ayon/qt_retimed_speed.json": {NO_TEXT: 1},
    "ayon/qt_reverse_speed_2x.json": {NO_TEXT: 1},
    "ayon/timeline.json": {NO_MARKER: 4, NO_TEXT: 6},
    "opentimelineio/effects.otio": {NO_MARKER: 18, "the clip is disabled": 2},
    "opentimelineio/generator_reference_test.otio": {NO_MARKER: 1},
    "opentimelineio/multiple_track.otio": {NO_MARKER: 5},
    "opentimelineio/multitrack.otio": {NO_MARKER: 5},
    "opentimelineio/nested_example.otio": {NO_MARKER: 7},
    "opentimelineio/screening_example.otio": {NO_MARKER: 7, NO_TEXT: 1},
    "opentimelineio/simple_cut.otio": {NO_MARKER: 4},
    "opentimelineio/transition.otio": {NO_MARKER: 4},
    "tlrender/AudioTonesAndVideo.otio": {NO_MARKER: 12},
    "tlrender/Gap.otio": {NO_MARKER: 2},
    "tlrender/LinearTimeWarp.otio": {NO_MARKER: 1},
    "tlrender/Markers.otio": {"“Marker 3” (gap marker, name): a gap has no picture": 1},
    "tlrender/MultipleMediaRefs.otio": {NO_MARKER: 2},
    "tlrender/MultipleRates.otio": {NO_MARKER: 1},
    "tlrender/SingleClip.otioz": {NO_MARKER: 1},
    "tlrender/StillImage.otio": {NO_MARKER: 1},
    "tlrender/TransitionOverlay.otio": {NO_MARKER: 4},
    "toucan/LinearTimeWarp.otio": {NO_MARKER: 2},
    "toucan/Markers.otio": {"“Gap Marker” (gap marker, name): a gap has no picture": 1},
    "toucan/MissingMedia.otio": {NO_MARKER: 1},
    "toucan/MultipleEffects.otio": {NO_MARKER: 2},
}


def test_every_sample_stands_in_the_tables():
    assert set(REASONS) == NAMES
    assert set(TABLE) == NAMES


@pytest.mark.parametrize("name", REASONS)
def test_every_clip_is_accounted_for_with_its_reason(name, tmp_path):
    made = sample_plan(name, tmp_path)

    assert Counter(item.reason for item in made.skipped) == REASONS[name]


BEYOND_OPENTIMELINEIO = {
    "multiple_track.otio",  # a trim that begins before its track
    "nested_example.otio",  # nests that are slowed down and frozen
    "screening_example.otio",  # the record timecode that an EDL left as a trim
}
"""Where the library's arithmetic gives up; the tables by hand above and below have these."""
COUNTED = [path for path in FILES if path.name not in BEYOND_OPENTIMELINEIO]


@pytest.mark.parametrize("path", COUNTED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_clips_lie_where_opentimelineio_says(path, tmp_path):
    """Against the library's own arithmetic, which knows neither our floors nor our fractions."""
    timeline = open_document(path).timeline()
    theirs = set()
    for track in timeline.video_tracks():
        for clip in track.find_clips():
            seen = clip.transformed_time_range(clip.trimmed_range(), timeline.tracks)
            start, length = seen.start_time.to_seconds(), seen.duration.to_seconds()
            theirs.add((clip.name, round(start, 3), round(length, 3)))
    made = read(path, ReadOptions(unpack_to=tmp_path))

    ours = {
        (item.clip, round(float(item.start), 3), round(float(item.duration), 3))
        for item in made.skipped
        if item.clip
    }
    assert ours <= theirs
    assert {name for name, _, _ in theirs - ours} <= {shot.clip for shot in made.shots}


def test_what_is_skipped_is_listed_where_it_lies(tmp_path):
    assert skipped(sample_plan("opentimelineio/nested_example.otio", tmp_path)) == [
        ("Normal Clip 1", 0, 238),
        ("Clip Inside A Stack 1", 238, 31),
        ("Normal Clip 2", 269, 33),
        ("Clip Inside A Stack 2", 302, 29),
        ("Normal Clip 3", 331, 63),
        ("Clip Inside A Track", 394, 4),
        ("Normal Clip 4", 398, 238),
    ]
    assert skipped(sample_plan("opentimelineio/multiple_track.otio", tmp_path)) == [
        ("Clip-001", 0, 3),
        ("Clip-002", 3, 6),
        ("Clip-003", 7, 9),
        ("Clip-005", 7, 9),  # its track is trimmed from -7 on
        ("Clip-004", 13, 6),
    ]


def test_reasons_are_those_of_the_file(tmp_path):
    resolve = sample_plan("opentimelineio/effects.otio", tmp_path)
    reasons = {(s.clip, s.track): s.reason for s in resolve.skipped}
    assert reasons["_bar.png", "Video 3"] == "the clip is disabled"
    assert reasons["A_title.png", "Video 4"] == "the clip is disabled"
    assert reasons["A_title.png", "Video 2"] == "no caption: it has no marker"
    assert len(resolve.skipped) == 13 + 1 + 1 + 1 + 4

    hiero = read(captioned("ayon/timeline.json", tmp_path))
    (warped,) = [s for s in hiero.skipped if s.clip == "P01default_twsh010"]
    assert "'TimeWarp'" in warped.reason

    gap = sample_plan("toucan/Markers.otio", tmp_path).skipped
    assert [s.reason for s in gap] == ["“Gap Marker” (gap marker, name): a gap has no picture"]


def test_an_archive_is_unpacked_as_far_as_it_is_needed(tmp_path):
    folder = tmp_path / "unpacked"
    made = sample_plan("tlrender/SingleClip.otioz", tmp_path)

    assert skipped(made) == [("BART_2021-02-07", 0, 90)]
    assert not folder.exists()  # nothing in it has a caption
