"""Other programs' timelines: read with the captions, times and media that are in them."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime
from timeline.cutting import FILM, clip, cut, gap, marker, save, shots, span, track

from diffava_foley.errors import OutputError, TimelineError
from diffava_foley.timeline import formats
from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import ReadOptions
from diffava_foley.timeline.write import FoleyClip, TakeFile, write

SAMPLES = Path(__file__).parents[1] / "samples" / "formats"
NTSC = Fraction(30000, 1001)
RATES = {24: Fraction(24), 25: Fraction(25), 29.97: NTSC, 23.976: FILM}

pytestmark = pytest.mark.skipif(
    not set(formats.NAMES) <= formats.readable(), reason=f"needs {formats.EXTRA}"
)


def project(folder: Path, rate: float) -> Path:
    """A gap of 10, clip a of 40 frames captioned "rain", clip b of 30."""
    hour = 86_400 if rate != 25 else 90_000
    a = clip(
        *("a", span(hour + 20, 40, rate)),
        [marker("rain", hour + 20, 1, rate, name="rain")],
        available=span(hour, 100, rate),
        url=str(folder / "a.mov"),
    )
    b = clip("b", span(0, 30, rate), url=str(folder / "b.mov"))
    (folder / "a.mov").touch()
    timeline = cut(track(gap(10, rate=rate), a, b), timecode=RationalTime(hour, rate))
    return save(timeline, folder)


def foley(start: int, length: int, rate: Fraction, timecode: Fraction) -> FoleyClip:
    take = TakeFile(Path("/takes/rain.wav"), "rain", 0, {}, "embedded", "CC0", None)
    times = (start / rate, length / rate)
    return FoleyClip("V1.1", "rain", *times, (take,), timecode=timecode + start / rate)


def sounds(path: Path) -> list[tuple[str, Fraction, Fraction]]:
    """Name, start and length in frames of the clips on the audio tracks of a file."""
    root = formats.read(path, None)
    timeline = root if isinstance(root, otio.schema.Timeline) else root.find_children()[0]
    return [
        (item.name, item.range_in_parent().start_time.value, item.duration().value)
        for audio in timeline.audio_tracks()
        for item in audio.find_clips()
    ]


ROUND_TRIPS = [
    *((".xml", rate) for rate in RATES),
    *((".aaf", rate) for rate in RATES),
    *((".kdenlive", rate) for rate in RATES),
    *((".fcpxml", rate) for rate in (24, 25)),
]


@pytest.mark.parametrize(("suffix", "rate"), ROUND_TRIPS)
def test_foley_lies_under_its_picture_in_every_format_that_holds_it(tmp_path, suffix, rate):
    source = project(tmp_path, rate)
    plan = read(source)
    output = tmp_path / f"cut-foley{suffix}"
    write(source, output, [foley(10, 40, RATES[rate], plan.timecode)])

    assert sounds(output) == [("rain", 10, 40)]
    again = read(output)
    assert (again.rate, again.duration) == (plan.rate, plan.duration)
    pictures = [(s.clip, s.start * s.rate, s.duration * s.rate) for s in again.shots]
    pictures += [(s.clip, s.start * again.rate, s.duration * again.rate) for s in again.skipped]
    assert sorted(pictures) == [("a", 10, 40), ("b", 50, 30)]


@pytest.mark.parametrize(("suffix", "rate"), [(".xml", 24), (".xml", 29.97), (".fcpxml", 25)])
def test_captions_media_and_timecode_survive_where_the_format_has_them(tmp_path, suffix, rate):
    source = project(tmp_path, rate)
    output = tmp_path / f"cut-foley{suffix}"
    write(source, output, [])

    plan, again = read(source), read(output)
    assert shots(again) == shots(plan) == [("rain", "a", 10, 40)]
    assert again.shots[0].source == plan.shots[0].source
    assert again.shots[0].retime.media_frame(Fraction(0)) == 20
    if suffix == ".xml":
        assert again.timecode == plan.timecode


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".xml", "file://localhost/"), (".fcpxml", "file:///"), (".aaf", "file:///")],
)
def test_links_lead_to_the_sounds_from_any_folder(tmp_path, suffix, start):
    takes = tmp_path / "cut foley.takes"
    takes.mkdir()
    (takes / "rain.wav").touch()
    sound = foley(10, 40, Fraction(24), Fraction(3600))
    sound = replace(sound, takes=(replace(sound.takes[0], path=takes / "rain.wav"),))
    output = tmp_path / f"cut foley{suffix}"
    write(project(tmp_path, 24), output, [sound])

    root = formats.read(output, None)
    timeline = root if isinstance(root, otio.schema.Timeline) else root.find_children()[0]
    (url,) = [c.media_reference.target_url for t in timeline.audio_tracks() for c in t.find_clips()]
    assert url.startswith(start)
    assert url.endswith("/cut%20foley.takes/rain.wav")


def test_a_premiere_timeline_is_read_to_the_frame(tmp_path):
    (tmp_path / "rushes" / "day 1").mkdir(parents=True)
    movie = tmp_path / "rushes" / "day 1" / "door.mp4"
    movie.touch()
    made = read(SAMPLES / "premiere_shape.xml", ReadOptions(media_root=tmp_path))

    assert (made.rate, made.duration * made.rate) == (NTSC, 139)
    assert made.timecode == 107_892 / NTSC  # 01;00;00;00
    (shot,) = made.shots
    assert shots(made) == [("a door slams", "door.mp4", 10, 81)]
    assert shot.marker == "clip marker, Premiere comment"
    assert shot.source.path == movie
    assert [shot.retime.media_frame(Fraction(k) / NTSC) for k in (0, 80)] == [20, 100]
    assert [(s.clip, s.reason) for s in made.skipped] == [("switched off", "the clip is disabled")]


def test_premieres_own_export_is_read_to_the_frame():
    """By hand from the file; what is in the nested sequence, 636 to 956, the adapter loses."""
    made = read(SAMPLES / "premiere_example.xml")

    assert made.rate == 30
    # A sequence marker at 492, over the clip from 322 on; the one at 113 begins where its clip ends
    assert shots(made) == [("fsfsfs", "sc01_sh030_anim.mov", 322, 235)]
    assert "D%3a/media/sc01_sh030_anim.mov" in made.shots[0].problem
    assert [(s.clip, s.start * 30, s.duration * 30) for s in made.skipped if s.clip] == [
        ("sc01_sh010_anim.mov", 13, 100),
        ("test_title", 15, 941),
        ("sc01_sh020_anim.mov", 165, 157),
        ("sc01_sh010_anim.mov", 536, 100),
        ("sc01_sh010_anim", 636, 320),
        ("sc01_master_layerA_sh030_temp.mov", 956, 208),  # up to the middle of a dissolve
        ("sc01_sh010_anim.mov", 1164, 82),
    ]
    (nest,) = [s for s in made.skipped if s.clip == "sc01_sh010_anim"]
    assert nest.reason.startswith("the nest is empty in this file")


def test_final_cuts_own_export_is_read_to_the_frame():
    made = read(SAMPLES / "fcpx_example.fcpxml")

    assert made.rate == 30
    assert [s for s in shots(made) if s[0] in ("Marker 1", "Marker 5")] == [
        ("Marker 1", "IMG_0715", 0, 300),  # at 0 s for 10 s
        ("Marker 5", "IMG_0513", 600, 300),  # at 20 s for 10 s
    ]
    assert "file:///Volumes/Media/otio/IMG_0715.MOV" in made.shots[0].problem


def test_avids_own_export_is_read_to_the_frame():
    """Its OTIO twin is ``opentimelineio/multitrack.otio``; this one has locators as well."""
    made = read(SAMPLES / "multitrack.aaf")

    assert (made.rate, made.timecode) == (24, 3600)
    assert made.duration * 24 == 720 + 83 + 722 + 432 + 720 + 605
    assert shots(made) == [
        ("v1 red tech", "tech.fux (loop)-HD.mp4", 0, 720),
        ("v2 green hawk", "t-hawk (loop)-HD.mp4", 482, 480),
    ]
    assert {shot.marker for shot in made.shots} == {"clip marker, Avid comment"}
    assert [(s.clip, s.start * 24, s.duration * 24) for s in made.skipped if s.clip] == [
        ("out-b (loop)-HD.mp4", 720 + 83, 722),
        ("KOLL-HD.mp4", 1198, 640),
        ("brokchrd (loop)-HD.mp4", 720 + 83 + 722 + 432, 720),
    ]


def test_the_drop_frame_timecode_of_an_aaf_is_true_time():
    made = read(SAMPLES / "2997fps-DFTC.aaf")

    assert made.rate == NTSC
    assert made.timecode == (5 * 107_892) / NTSC  # 05;00;00;00


def test_an_edl_of_25_frames_is_read_at_25(caplog):
    made = read(SAMPLES / "25fps.edl")

    frames = [(s.clip, s.start * made.rate, s.duration * made.rate) for s in made.skipped]
    assert made.rate == 25
    assert frames == [
        ("sq001_s001", 0, 161),  # 6 seconds and 11 frames
        ("sq001_s002", 161, 200),
        ("sq001_s003", 361, 86),
        ("sq001_s004", 447, 49),
    ]
    assert "read at 25, or give --fps" in caplog.text


def test_an_edl_begins_at_its_record_timecode():
    made = read(SAMPLES / "premiere_example.edl")

    assert made.timecode == 59 * 60 + 53 + Fraction(11, 24)
    assert [(s.clip, s.start * 24, s.duration * 24) for s in made.skipped] == [
        ("ZZ100_501.take_1.0001.exr", 0, 31),
        ("ZZ100_502A.take_2.0101.exr", 31, 50),
    ]


def test_an_edls_rate_can_be_told():
    made = read(SAMPLES / "premiere_example.edl", ReadOptions(fps=FILM))

    assert made.rate == FILM
    assert made.timecode == (((59 * 60) + 53) * 24 + 11) / FILM


def test_a_drop_frame_edl_is_read_at_2997(tmp_path):
    path = tmp_path / "drop.edl"
    path.write_text(
        "TITLE: drop\nFCM: DROP FRAME\n"
        "001  A001 V     C        00:01:00;02 00:01:02;02 01:00:00;00 01:00:02;00\n"
        "* FROM CLIP NAME: a\n"
        "* LOC: 01:00:01;00 RED     a dog barks\n"
    )
    made = read(path)

    assert (made.rate, made.timecode) == (NTSC, 107_892 / NTSC)
    assert shots(made) == [("a dog barks", "a", 0, 60)]


def test_an_edl_that_would_carry_no_sound_is_not_written(tmp_path):
    with pytest.raises(OutputError, match="EDL holds no sound"):
        write(project(tmp_path, 24), tmp_path / "new.edl", [])


@pytest.mark.parametrize("rate", [23.976, 29.97])
def test_final_cut_xml_at_broken_rates_is_refused_both_ways(tmp_path, rate):
    source = project(tmp_path, rate)
    with pytest.raises(OutputError, match="cannot count"):
        write(source, tmp_path / "new.fcpxml", [])
    theirs = tmp_path / "theirs.fcpxml"
    theirs.write_text(
        '<fcpxml><resources><format frameDuration="1001/30000s"/></resources></fcpxml>'
    )
    with pytest.raises(TimelineError, match=r"cannot count 29\.970 frames a second"):
        read(theirs)


def test_what_an_adapter_prints_does_not_reach_standard_output(tmp_path, capfd):
    write(project(tmp_path, 24), tmp_path / "new.kdenlive", [])
    read(tmp_path / "new.kdenlive")

    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("suffix", sorted(formats.NAMES))
def test_a_missing_adapter_is_one_line_that_names_the_extra(tmp_path, suffix, monkeypatch):
    monkeypatch.setattr(formats, "readable", lambda: frozenset({".otio"}))
    monkeypatch.setattr(formats, "writable", lambda: frozenset({".otio"}))
    source = project(tmp_path, 24)
    theirs = tmp_path / f"cut{suffix}"
    theirs.touch()

    with pytest.raises(TimelineError, match=r"diffava-foley\[formats\]") as refused:
        read(theirs)
    assert "\n" not in str(refused.value)
    with pytest.raises(OutputError, match=r"diffava-foley\[formats\]|holds no sound"):
        write(source, tmp_path / f"new{suffix}", [])


@pytest.mark.parametrize("suffix", sorted(formats.NAMES))
def test_what_no_adapter_can_read_is_one_line(tmp_path, suffix):
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(b"\x00\x01 not a timeline <<")

    with pytest.raises(TimelineError) as refused:
        read(path)
    assert "\n" not in str(refused.value)


def test_without_the_adapters_nothing_of_them_is_imported():
    script = (
        "import sys, diffava_foley.timeline.read\n"
        "print([name for name in sys.modules if name.startswith(('otio_', 'aaf2'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
