"""The media of clips, and which part of it they take."""

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from media.drawing import Clip as Drawing
from media.drawing import draw
from opentimelineio.schema import (
    ExternalReference,
    GeneratorReference,
    ImageSequenceReference,
    MissingReference,
)
from timeline.cutting import FILM, clip, cut, gap, marker, media_frames, plan, save, shots, span

from diffava_foley.media.sources import MovieSource, SequenceSource, StillSource
from diffava_foley.timeline.read import read
from diffava_foley.timeline.shots import ReadOptions


def only_shot(made, folder, **options):
    (shot,) = plan(cut(made), folder, **options).shots
    return shot


def referring(reference, source=None, name="a"):
    made = otio.schema.Clip(name, reference, source or span(0, 10))
    made.markers.append(marker("rain"))
    return made


def images(folder: Path, *numbers: int, name: str = "x.{:04}.png") -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / name.format(number)).touch()
    return folder


def sequence(folder, first, available, **fields):
    base = {"rate": 24, "frame_step": 1, "frame_zero_padding": 4} | fields
    return ImageSequenceReference(
        str(folder), "x.", ".png", first, available_range=available, **base
    )


def test_a_plain_name_is_a_file_beside_the_timeline(tmp_path):
    shot = only_shot(clip("a", span(0, 10), [marker("x")]), tmp_path)

    assert shot.source == MovieSource(tmp_path / "a.mov")
    assert shot.problem is None


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_absolute_paths_and_urls_with_odd_characters_are_found(tmp_path, form):
    file = tmp_path / "a b#1 100%.mov"
    file.touch()
    url = form.format(file if form == "{}" else str(file).replace("%", "%25").replace(" ", "%20"))
    shot = only_shot(clip("a", span(0, 10), [marker("x")], url=url), tmp_path)

    assert shot.source == MovieSource(file)


def test_missing_media_is_a_problem_of_its_shot_that_names_the_path(tmp_path):
    path = r"C:\Users\robin\a.mov"
    made = cut(clip("a", span(0, 9), [marker("x")], url=path), clip("b", span(0, 9), [marker("y")]))
    bad, good = plan(made, tmp_path).shots

    assert bad.source is None
    assert bad.problem == f"missing media: {path}; give its folder with --media-root"
    assert bad.media_moments([Fraction(1)]) == (1,)
    assert good.problem is None


def test_a_name_that_is_too_long_is_a_problem_of_its_shot(tmp_path):
    shot = only_shot(clip("a", span(0, 9), [marker("x")], url="/" + "a" * 300), tmp_path)

    assert shot.problem


def test_an_address_is_refused(tmp_path):
    shot = only_shot(clip("a", span(0, 9), [marker("x")], url="https://x.org/a.mov"), tmp_path)

    assert "address" in shot.problem


def test_media_is_found_again_under_the_media_root(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "a.mov").touch()
    path = r"C:\Users\robin\a.mov"
    made = clip("a", span(0, 9), [marker("x")], url=path)

    assert only_shot(made, tmp_path, media_root=tmp_path / "disk").source == MovieSource(
        tmp_path / "disk" / "a.mov"
    )


def test_resolve_keeps_the_path_of_an_offline_clip_in_its_metadata(tmp_path):
    (tmp_path / "a.mov").touch()
    reference = MissingReference(
        available_range=span(0, 50), metadata={"Resolve_OTIO": {"Media Url": "/disk/a.mov"}}
    )

    assert only_shot(referring(reference), tmp_path, media_root=tmp_path).problem is None
    assert "/disk/a.mov" in only_shot(referring(reference), tmp_path).problem


def test_a_clip_without_any_path_is_found_by_its_name(tmp_path):
    (tmp_path / "tech.fux (loop)-HD.mp4").touch()
    reference = MissingReference(available_range=span(0, 50))
    for name in ("tech.fux (loop)-HD.mp4", "tech.fux (loop)-HD"):
        shot = only_shot(referring(reference, name=name), tmp_path, media_root=tmp_path)
        assert shot.source == MovieSource(tmp_path / "tech.fux (loop)-HD.mp4")

    assert "no file for 'other'" in only_shot(referring(reference, name="other"), tmp_path).problem


def test_a_generated_picture_is_named(tmp_path):
    shot = only_shot(referring(GeneratorReference(generator_kind="SMPTEBars")), tmp_path)

    assert "SMPTEBars" in shot.problem


def test_the_active_reference_is_used_and_another_if_it_is_missing(tmp_path):
    for name in ("small.mov", "large.mov"):
        (tmp_path / name).touch()
    references = {
        "Proxy": ExternalReference("small.mov", span(0, 50)),
        "Full": ExternalReference("large.mov", span(10, 50)),
    }
    made = referring(MissingReference(), span(20, 10))
    made.set_media_references(references, "Full")

    shot = only_shot(made, tmp_path)
    assert (shot.source, shot.retime.start) == (MovieSource(tmp_path / "large.mov"), 10)
    (tmp_path / "large.mov").unlink()
    timeline = save(cut(made), tmp_path)
    (tmp_path / "large.mov").unlink(missing_ok=True)
    (shot,) = read(timeline).shots
    assert (shot.source, shot.retime.start) == (MovieSource(tmp_path / "small.mov"), 20)


def test_a_still_is_held(tmp_path):
    shot = only_shot(clip("a", span(100, 50), [marker("x")], span(0, 1), url="a.png"), tmp_path)

    assert shot.source == StillSource(tmp_path / "a.png")
    assert set(media_frames(shot)) == {0}


def test_an_image_sequence_starts_with_its_first_number(tmp_path):
    folder = images(tmp_path / "plate", 997, 998, 999, 1000)
    shot = only_shot(referring(sequence(folder, 997, span(86531, 4)), span(86532, 3)), tmp_path)

    assert shot.source == SequenceSource(folder, "x.", ".png", 4, 997, 4, Fraction(24))
    assert media_frames(shot) == [1, 2, 3]


@pytest.mark.parametrize("joint", ["/", "\\", ""])
def test_a_sequence_is_found_under_the_media_root_by_its_first_image(tmp_path, joint):
    folder = images(tmp_path / "plate", 997, 998)
    reference = sequence(f"C:\\away\\plate{joint}", 997, span(0, 2))
    shot = only_shot(referring(reference, span(0, 2)), tmp_path, media_root=tmp_path)

    assert shot.source.folder == folder


def test_older_hieros_count_from_zero_in_a_sequence_with_timecode(tmp_path):
    folder = images(tmp_path / "plate", *range(997, 1056))
    reference = sequence(folder, 997, span(997, 59))
    shot = only_shot(referring(reference, span(0, 51)), tmp_path)

    assert media_frames(shot) == list(range(51))


def test_resolve_shows_a_sequence_as_a_range_in_the_name(tmp_path):
    folder = images(tmp_path / "tif", 1001, 1002, 1003, name="out.{:04}.tif")
    reference = ExternalReference(f"{folder}/out.[1001-1003].tif", span(0, 3, 25))
    shot = only_shot(referring(reference, span(0, 3, 25)), tmp_path)

    assert shot.source == SequenceSource(folder, "out.", ".tif", 4, 1001, 3, Fraction(25))


def test_a_numbered_pattern_is_a_sequence(tmp_path):
    folder = images(tmp_path / "png", 5, 6, 7)
    reference = ExternalReference(f"{folder}/x.%04d.png", span(0, 3, 25))
    shot = only_shot(referring(reference, span(0, 3, 25)), tmp_path)

    assert shot.source == SequenceSource(folder, "x.", ".png", 4, 5, 3, Fraction(25))


def test_a_sequence_without_images_is_missing(tmp_path):
    shot = only_shot(referring(sequence(tmp_path / "none", 1, span(0, 3))), tmp_path)

    assert shot.problem.startswith("missing media: images from ")


@pytest.mark.parametrize("timecode", ["01:00:00:00", None])
@pytest.mark.parametrize("rate", [Fraction(24), FILM])
def test_without_an_available_range_the_media_tells_its_timecode(tmp_path, timecode, rate):
    draw(tmp_path / "a.mov", Drawing(rate=rate, frames=30, timecode=timecode))
    start = 86400 if timecode else 0
    source = span(start + 7, 10, float(rate))
    shot = only_shot(referring(ExternalReference("a.mov"), source), tmp_path)

    assert media_frames(shot, rate) == list(range(7, 17))


def test_without_an_available_range_the_end_is_that_of_the_media(tmp_path):
    draw(tmp_path / "a.mov", Drawing(frames=30))
    shot = only_shot(referring(ExternalReference("a.mov"), span(25, 10)), tmp_path)

    assert media_frames(shot) == [25, 26, 27, 28, 29, 29, 29, 29, 29, 29]


def test_a_clip_without_any_range_is_as_long_as_its_media(tmp_path):
    draw(tmp_path / "a.mov", Drawing(frames=30))
    made = otio.schema.Clip("a", ExternalReference("a.mov"))
    made.markers.append(marker("rain"))
    timeline = cut(made, clip("b", span(0, 5), [marker("dog")]))

    assert shots(plan(timeline, tmp_path))[1] == ("dog", "b", 30, 5)


def test_a_clip_whose_length_nobody_knows_is_skipped(tmp_path):
    made = otio.schema.Clip("lost", MissingReference())
    made.markers.append(marker("rain"))
    made = plan(cut(made, gap(5), clip("b", span(0, 5), [marker("dog")])), tmp_path)

    assert shots(made) == [("dog", "b", 5, 5)]
    assert "its length is not in the timeline" in made.skipped[0].reason


def test_an_available_range_from_zero_over_a_timecode_is_set_right_by_the_media(tmp_path):
    draw(tmp_path / "a.mov", Drawing(frames=30, timecode="01:00:00:00"))
    reference = ExternalReference("a.mov", span(0, 30))
    shot = only_shot(referring(reference, span(86407, 10)), tmp_path)

    assert media_frames(shot) == list(range(7, 17))


def test_a_media_root_that_is_not_there_is_an_error(tmp_path):
    path = save(cut(), tmp_path)

    with pytest.raises(Exception, match="no such folder"):
        read(path, ReadOptions(media_root=tmp_path / "none"))
