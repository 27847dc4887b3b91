"""A cut as DaVinci Resolve exported it: offline media found again, two of its clips captioned."""

import shutil
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from diffava_foley import batch
from diffava_foley.batch import BatchOptions
from diffava_foley.events import Finished, ShotDone
from diffava_foley.media.audio import read_audio
from diffava_foley.rendering import RenderOptions
from diffava_foley.timeline.shots import ReadOptions

ROOT = Path(__file__).parents[1]
EXPORT = ROOT / "tests" / "samples" / "opentimelineio" / "effects.otio"
FILM = ROOT / "examples" / "big_buck_bunny.mp4"

SHORT, LONG = "sq0100_sh0050_layout_v004.mp4", "sq0100_sh0030_layout_v004.mp4"
CAPTIONS = {SHORT: "a bird chirps", LONG: "a door slams"}


def _clip(timeline: otio.schema.Timeline, name: str) -> otio.schema.Clip:
    return next(clip for clip in timeline.find_clips() if clip.name == name)


def _write_note(path: Path, name: str, note: str) -> None:
    """Puts the words where Resolve keeps a marker's note."""
    timeline = otio.adapters.read_from_file(str(path))
    clip = _clip(timeline, name)
    marker = otio.schema.Marker("Marker 1", clip.source_range, otio.schema.MarkerColor.BLUE)
    marker.metadata["Resolve_OTIO"] = {"Keywords": [], "Note": note}
    clip.markers[:] = [marker]
    otio.adapters.write_to_file(timeline, str(path))


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    path = tmp_path / "picchu.otio"
    shutil.copy(EXPORT, path)
    for name, note in CAPTIONS.items():
        _write_note(path, name, note)
    return path


@pytest.fixture
def options(tmp_path: Path, tiny_weights: Path) -> BatchOptions:
    rushes = tmp_path / "rushes" / "day 1"
    rushes.mkdir(parents=True)
    for name in CAPTIONS:
        shutil.copy(FILM, rushes / name)
    return BatchOptions(
        rendering=RenderOptions(weights=str(tiny_weights)),
        reading=ReadOptions(media_root=tmp_path / "rushes"),
    )


def _render(cut: Path, output: Path, options: BatchOptions) -> tuple[Finished, list[ShotDone]]:
    told: list[object] = []
    finished = batch.render(cut, output, options, told.append)
    return finished, [event for event in told if isinstance(event, ShotDone)]


def test_foley_lies_frame_by_frame_under_the_pictures_that_resolve_placed(
    cut: Path, options: BatchOptions, tmp_path: Path
) -> None:
    output = tmp_path / "out.otio"

    _render(cut, output, options)

    timeline = otio.adapters.read_from_file(str(output))
    foley = {
        clip.metadata["diffava_foley"]["caption"]: clip
        for track in timeline.audio_tracks()
        for clip in track.find_clips()
        if "diffava_foley" in clip.metadata
    }
    assert set(foley) == set(CAPTIONS.values())
    for name, caption in CAPTIONS.items():
        picture, clip = _clip(timeline, name), foley[caption]
        under = clip.transformed_time_range(clip.trimmed_range(), timeline.tracks)
        above = picture.transformed_time_range(picture.trimmed_range(), timeline.tracks)
        frames = int(above.duration.value)
        for frame in range(frames):
            step = otio.opentime.RationalTime(frame, above.duration.rate)
            assert under.start_time + step == above.start_time + step
        assert under.duration == above.duration
        sound = read_audio(output.parent / clip.media_reference.target_url)
        assert sound.duration == Fraction(frames, 24)


def test_an_edited_caption_is_the_one_clip_made_again(
    cut: Path, options: BatchOptions, tmp_path: Path
) -> None:
    output = tmp_path / "out.otio"
    _render(cut, output, options)
    _write_note(cut, SHORT, "a window shatters")

    finished, done = _render(cut, output, options)

    assert {event.caption: event.takes[0].reused for event in done} == {
        "a window shatters": False,
        CAPTIONS[LONG]: True,
    }
    assert finished.failed == ()
