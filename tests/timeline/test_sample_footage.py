"""The media of real timelines: what they name, and which of its frames are seen in them.

Every expectation was worked out by hand from the file.
"""

import zipfile

import pytest
from media.drawing import Clip, draw
from timeline.cutting import FILM, media_frames
from timeline.sample_files import NAMES, SAMPLES, captioned

from diffava_foley.media.sources import SequenceSource
from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import ReadOptions

BART = ("BART_2021-02-07", "BART_2021-02-07.m4v", None)
SLOWED = [0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16]
SLOWED += [17, 17, 18, 19, 20, 21, 22, 23, 23]
"""k × 0.8545454551724138, rounded down."""

# Relinked under a media root: the clip, its file or images, and the media frames shown
FOOTAGE = [
    # 39 + 2k; ayon reads the images 1040 to 1061
    (
        *("ayon/img_seq_2x_speed_resolve.json", "output.[1001-1099].tif"),
        *("output.{:04}.tif", range(1001, 1100), list(range(39, 60, 2))),
    ),
    # ayon reads image 948855, which is 181 after 948674
    (
        *("ayon/img_seq_freeze_frame.json", "sh010"),
        *("output.{:07}.exr", range(948674, 948975), [181] * 5),
    ),
    # counted from 0 although the images begin at 997; ayon reads 997 to 1047
    (
        *("ayon/img_seq_23.976_metadata.json", "sh020"),
        *("MER_sq001_sh020_P01.{:04}.exr", range(997, 1056), list(range(51))),
    ),
    # ayon reads the images 1009 to 1090 of 1001 and on
    (
        *("ayon/qt_23.976_embedded_long_tc.json", "Main088sh110"),
        *("409_083_0015.{:04}.exr", range(1001, 1099), list(range(8, 90))),
    ),
    # from 30.72 on, 24 media frames in 25 of the clip's
    (
        *("ayon/qt_embedded_tc.json", "qt_embedded_tc.mov"),
        *("qt_embedded_tc.mov", None, [(3072 + 96 * k) // 100 for k in range(44)]),
    ),
    (
        *("ayon/movie_with_handles.json", "simple_editorial_setup.mp4"),
        *("simple_editorial_setup.mp4", None, list(range(171))),
    ),
    (
        *("ayon/qt_retimed_speed.json", "simple_editorial_setup.mp4"),
        *("simple_editorial_setup.mp4", None, [5 * k // 2 for k in range(171)]),
    ),
    # backwards at double speed from 50 down to 30; 24 media frames to 23.976 of the clip's
    (
        *("ayon/qt_reverse_speed_2x.json", "sh010"),
        *("qt_no_tc_24fps.mov", None, [50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30]),
    ),
    (
        *("ayon/timeline.json", "sh010"),
        *("MER_sq001_sh010_P01.{:04}.exr", range(997, 1057), list(range(4, 56))),
    ),
    (
        *("ayon/timeline.json", "referencesq01sh010"),
        *("sq001.mov", None, list(range(24, 76))),
    ),
    (
        *("opentimelineio/effects.otio", "sq0100_sh0010_layout_v004.mp4"),
        *("sq0100_sh0010_layout_v004.mp4", None, list(range(500))),
    ),
    ("opentimelineio/simple_cut.otio", "Clip-004", "credits.mov", None, list(range(6))),
    # with the other clips' images missing; the images are 24 a second, the clip 25
    (
        *("ayon/multiple_review_clips.json", "output", "output.{:04}.exr"),
        *(range(1000, 1101), [24 * k // 25 for k in range(101)]),
    ),
    ("opentimelineio/multiple_track.otio", "Clip-002", "wind-up.mov", None, list(range(2, 8))),
    # behind seven frames of nothing, from which its track is trimmed
    ("opentimelineio/multiple_track.otio", "Clip-005", "punchline.mov", None, list(range(9))),
    # 3 to 6 of media that begins at 1
    ("opentimelineio/transition.otio", "Clip-003", "punchline.mov", None, list(range(2, 6))),
    # no path in the file: the clip's name is its file's
    (
        *("opentimelineio/multitrack.otio", "KOLL-HD.mp4", "KOLL-HD.mp4"),
        *(None, list(range(640))),
    ),
    # in a nest of 29 frames at 0.8545..., then in one that is frozen
    (
        *("opentimelineio/nested_example.otio", "Clip Inside A Stack 2"),
        *("Clip Inside A Stack 2.mov", None, [429 + k for k in SLOWED]),
    ),
    (
        *("opentimelineio/nested_example.otio", "Clip Inside A Track"),
        *("Clip Inside A Track.mov", None, [471] * 4),
    ),
    # from 01:00:14:17 on; the movie begins at 01:00:14:00
    (
        *("opentimelineio/screening_example.otio", "ZZ100_504B (LAY1)"),
        *("ZZ100_504B (LAY1).mov", None, list(range(17, 118))),
    ),
    (
        *("tlrender/AudioTonesAndVideo.otio", "AudioToneRight - Middle"),
        *("AudioToneRight.png", None, [0] * 12),
    ),
    ("tlrender/Gap.otio", *BART, list(range(90, 120))),
    ("tlrender/Markers.otio", *BART, list(range(90, 120))),
    ("tlrender/TransitionOverlay.otio", *BART, list(range(90, 180))),
    ("tlrender/TransitionOverlay.otio", "Overlay", "OverlayB.png", None, [0] * 90),
    (
        *("tlrender/MultipleRates.otio", "videoclip5", "PSR63_2012-06-02.mov"),
        *(None, list(range(232))),
    ),
    ("tlrender/LinearTimeWarp.otio", *BART, [90 + 3 * k // 4 for k in range(90)]),
    ("tlrender/StillImage.otio", "ColorPattern", "ColorPattern.png", None, [0] * 72),
    ("tlrender/MultipleMediaRefs.otio", "Switchable", "SpatialSmall.png", None, [0] * 24),
    ("toucan/LinearTimeWarp.otio", "LinearTimeWarp", "Counter.{}.png", range(10), [0, 2, 4]),
    (
        *("toucan/LinearTimeWarp.otio", "LinearTimeWarp 2"),
        *("Counter.{}.png", range(10), [0, 0, 1, 1, 2, 2, 3, 3]),
    ),
    ("toucan/Markers.otio", "Letter_C", "Letter_C.png", None, [0] * 3),
    ("toucan/MissingMedia.otio", "Letter_None", "Letter_None.png", None, [0] * 3),
    ("toucan/MultipleEffects.otio", "Charlie", "Charlie.jpg", None, [0] * 5),
]

MOVIES = {
    "KOLL-HD.mp4": Clip(frames=640),
    "Clip Inside A Stack 2.mov": Clip(frames=480),
    "Clip Inside A Track.mov": Clip(frames=480),
    "ZZ100_504B (LAY1).mov": Clip(frames=120, timecode="01:00:14:00"),
    "PSR63_2012-06-02.mov": Clip(rate=FILM, frames=232),
}
"""Media of clips that leave their available range out: what there is, only the file can tell."""

NO_FOOTAGE = {
    "opentimelineio/generator_reference_test.otio",  # a generator has no file
    "tlrender/SingleClip.otioz",  # carries its own
}


def test_every_sample_is_relinked():
    assert {row[0] for row in FOOTAGE} | NO_FOOTAGE == NAMES


@pytest.mark.parametrize(
    ("name", "clip", "file", "numbers", "frames"), FOOTAGE, ids=[f"{f[0]}-{f[1]}" for f in FOOTAGE]
)
def test_a_relinked_sample_shows_the_frames_its_editor_shows(
    name, clip, file, numbers, frames, tmp_path
):
    disk = tmp_path / "disk"
    disk.mkdir()
    for number in numbers or [0]:
        (disk / file.format(number)).touch()
    if file in MOVIES:
        draw(disk / file, MOVIES[file])
    made = read(captioned(name, tmp_path), ReadOptions(media_root=disk))
    shot = next(shot for shot in made.shots if shot.clip == clip and shot.source)

    assert media_frames(shot, shot.retime.rate) == frames
    if numbers:
        assert shot.source == SequenceSource(
            *(disk, *_around_the_number(file)),
            *(numbers[0], len(numbers), shot.source.rate),
        )
    else:
        assert shot.source.path == disk / file


def _around_the_number(file: str) -> tuple[str, str, int]:
    prefix, _, rest = file.partition("{")
    padding, _, suffix = rest.partition("}")
    return prefix, suffix, int(padding[2:] or 0)


def test_an_archive_shows_the_frames_of_the_media_in_it(tmp_path):
    source = SAMPLES / "tlrender" / "SingleClip.otioz"
    theirs = zipfile.ZipFile(source)
    (tmp_path / "content.json").write_bytes(theirs.read("content.otio"))
    content = captioned(tmp_path / "content.json", tmp_path)
    with zipfile.ZipFile(tmp_path / "captioned.otioz", "w") as archive:
        archive.write(content, "content.otio")
        archive.writestr("media/BART_2021-02-07.m4v", theirs.read("media/BART_2021-02-07.m4v"))
    folder = tmp_path / "unpacked"
    (shot,) = read(tmp_path / "captioned.otioz", ReadOptions(unpack_to=folder)).shots

    assert media_frames(shot, 30) == list(range(90, 180))
    assert shot.source.path.is_relative_to(folder)
    assert shot.source.path.stat().st_size == theirs.getinfo("media/BART_2021-02-07.m4v").file_size


UNNAMED = "the timeline names no file for "
AYON = "C:/projects/AY01_VFX_demo/resources/"
ROBIN = "C:\\Users\\robin\\OneDrive\\Bureau\\dev_ayon\\data\\"
PICCHU = "Xdisk/picchu/editorial/animatic/Picchu_Animatic_014.dra/MediaFiles/frames/"
# What the first clip names, which is not on this machine
NAMED = {
    "ayon/img_seq_23.976_metadata.json": (
        AYON + "plates/MER_sq001_sh020_P01\\MER_sq001_sh020_P01.0997.exr"
    ),
    "ayon/img_seq_2x_speed_resolve.json": ROBIN + "img_sequence\\tif/output.1001.tif",
    "ayon/img_seq_freeze_frame.json": "exr_long_frameRange\\output.0948674.exr",
    "ayon/movie_with_handles.json": ROBIN + "simple_editorial_setup.mp4",
    "ayon/multiple_review_clips.json": "C:\\no_tc/output.1000.tif",
    "ayon/qt_23.976_embedded_long_tc.json": (
        "X:/prj/AYON_CIRCUIT_TEST/data/OBX_20240729_P159_DOG_409/EXR/409_083_0015\\"
        "409_083_0015.1001.exr"
    ),
    "ayon/qt_embedded_tc.json": ROBIN + "qt_embedded_tc.mov",
    "ayon/qt_retimed_speed.json": ROBIN + "simple_editorial_setup.mp4",
    "ayon/qt_reverse_speed_2x.json": ROBIN.replace("\\", "/") + "qt_no_tc_24fps.mov",
    "ayon/timeline.json": AYON + "reference/sq001.mov",
    "opentimelineio/effects.otio": PICCHU + "Picchu_V7_310821_0003.png",
    "opentimelineio/generator_reference_test.otio": "a generated picture (SMPTEBars) is no file",
    "opentimelineio/multiple_track.otio": "file:///folder/titles.mov",
    "opentimelineio/multitrack.otio": UNNAMED + "'tech.fux (loop)-HD.mp4'",
    "opentimelineio/nested_example.otio": UNNAMED + "'Normal Clip 1'",
    "opentimelineio/screening_example.otio": UNNAMED + "'ZZ100_501 (LAY3)'",
    "opentimelineio/simple_cut.otio": "file:///folder/titles.mov",
    "opentimelineio/transition.otio": "file:///folder/titles.mov",
    "tlrender/AudioTonesAndVideo.otio": "missing media: AudioToneStereo.png",
    "tlrender/Gap.otio": "missing media: BART_2021-02-07.m4v",
    "tlrender/LinearTimeWarp.otio": "missing media: BART_2021-02-07.m4v",
    "tlrender/Markers.otio": "missing media: BART_2021-02-07.m4v",
    "tlrender/MultipleMediaRefs.otio": "missing media: SpatialSmall.png",  # its active one
    "tlrender/MultipleRates.otio": "missing media: PSR63_2012-06-02.mov",
    "tlrender/StillImage.otio": "missing media: ColorPattern.png",
    "tlrender/TransitionOverlay.otio": "missing media: BART_2021-02-07.m4v",
    "toucan/LinearTimeWarp.otio": "missing media: images from Counter.0.png on",
    "toucan/Markers.otio": "missing media: Letter_A.png",
    "toucan/MissingMedia.otio": "missing media: Letter_None.png",
    "toucan/MultipleEffects.otio": "missing media: Charlie.jpg",
}


def test_every_sample_names_its_media():
    assert set(NAMED) | {"tlrender/SingleClip.otioz"} == NAMES


@pytest.mark.parametrize("name", NAMED)
def test_media_that_is_not_here_is_told_as_the_timeline_names_it(name, tmp_path):
    shots = read(captioned(name, tmp_path)).shots

    assert NAMED[name] in shots[0].problem
    assert not any(shot.source for shot in shots)
