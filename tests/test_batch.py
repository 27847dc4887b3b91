"""A timeline goes in; a new one comes out, with every captioned shot's foley under its picture."""

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import projects
import pytest

from diffava_foley import batch
from diffava_foley.batch import BatchOptions
from diffava_foley.errors import OutputError, TimelineError, WeightsError
from diffava_foley.events import Event, Finished, ShotDone, ShotStarted
from diffava_foley.media.audio import read_audio
from diffava_foley.outputs import default_output, takes_folder
from diffava_foley.rendering import RenderOptions
from diffava_foley.studio import Studio
from diffava_foley.timeline.shots import ReadOptions

FRAME = Fraction(1, projects.RATE)


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    return projects.make_project(tmp_path / "project")


@pytest.fixture
def options(tiny_weights: Path) -> BatchOptions:
    return BatchOptions(rendering=RenderOptions(weights=str(tiny_weights)))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The captions that the model was asked for."""
    captions: list[str] = []
    make = Studio.make

    def noting(studio, request, seeds, progress):  # type: ignore[no-untyped-def]
        captions.append(request.caption)
        return make(studio, request, seeds, progress)

    monkeypatch.setattr(Studio, "make", noting)
    return captions


def run(cut: Path, options: BatchOptions) -> tuple[Finished, list[Event]]:
    told: list[Event] = []
    return batch.render(cut, default_output(cut), options, told.append), told


def foley_clips(path: Path) -> list[tuple[Fraction, Fraction, otio.schema.Clip]]:
    """Start and duration on the timeline, in seconds, of each clip of the foley tracks."""
    timeline = otio.adapters.read_from_file(str(path))
    clips = []
    for track in timeline.audio_tracks():
        for clip in track.find_clips():
            span = clip.trimmed_range_in_parent()
            clips.append((seconds(span.start_time), seconds(span.duration), clip))
    return clips


def seconds(time: otio.opentime.RationalTime) -> Fraction:
    return Fraction(time.value) / Fraction(time.rate)


def sound_of(clip: otio.schema.Clip, beside: Path) -> Path:
    return beside.parent / clip.media_reference.target_url


def test_foley_sits_frame_by_frame_under_its_picture(cut: Path, options: BatchOptions) -> None:
    result, _ = run(cut, options)

    assert result.output is not None
    clips = foley_clips(result.output)
    assert [start for start, _, _ in clips] == projects.starts()
    for (start, duration, clip), length in zip(clips, projects.LENGTHS, strict=True):
        assert start % FRAME == 0
        assert duration == length * FRAME
        assert read_audio(sound_of(clip, result.output)).duration == duration


def test_the_original_is_untouched(cut: Path, options: BatchOptions) -> None:
    before = cut.read_bytes()

    result, _ = run(cut, options)

    assert cut.read_bytes() == before
    old, new = (otio.adapters.read_from_file(str(path)) for path in (cut, result.output))
    assert new.video_tracks()[0].is_equivalent_to(old.video_tracks()[0])


def test_a_second_run_makes_nothing_and_loads_no_model(
    cut: Path, options: BatchOptions, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(cut, options)
    before = {path: path.read_bytes() for path in cut.parent.rglob("*") if path.is_file()}
    monkeypatch.setattr("diffava_foley.model.models.load", None)

    second, told = run(cut, options)

    assert (second.made, second.reused) == (0, 3)
    assert not any(isinstance(event, ShotStarted) for event in told)
    assert {path: path.read_bytes() for path in cut.parent.rglob("*") if path.is_file()} == before


def test_an_edited_caption_is_the_only_one_made_again(
    cut: Path, options: BatchOptions, made: list[str]
) -> None:
    run(cut, options)
    projects.set_caption(cut, 1, "the sea")
    made.clear()

    second, _ = run(cut, options)

    assert made == ["the sea"]
    assert (second.made, second.reused) == (1, 2)
    assert second.output is not None
    assert [start for start, _, _ in foley_clips(second.output)] == projects.starts()


def test_a_run_goes_on_where_it_was_interrupted(
    cut: Path, options: BatchOptions, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(event: Event) -> None:
        if isinstance(event, ShotDone):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.render(cut, default_output(cut), options, impatient)
    assert not default_output(cut).exists()

    result, _ = run(cut, options)

    assert made == list(projects.CAPTIONS)
    assert (result.made, result.reused) == (2, 1)


def test_missing_media_fails_alone(cut: Path, options: BatchOptions) -> None:
    (cut.parent / "1.mp4").unlink()

    result, told = run(cut, options)

    (failed,) = result.failed
    assert failed.caption == "rain falls"
    assert "1.mp4" in failed.reason
    assert failed in told
    assert result.made == 2
    assert result.output is not None
    assert len(foley_clips(result.output)) == 2


def test_damaged_media_fails_alone(cut: Path, options: BatchOptions) -> None:
    (cut.parent / "0.mp4").write_bytes(b"not a movie any more")

    result, _ = run(cut, options)

    assert [shot.caption for shot in result.failed] == ["a glass breaks"]
    assert result.made == 2


def test_an_unexpected_failure_stays_with_its_shot(
    cut: Path, options: BatchOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Studio.make

    def out_of_memory(studio, request, seeds, progress):  # type: ignore[no-untyped-def]
        if request.caption == "rain falls":
            raise RuntimeError("out of memory\nand many lines more")
        return make(studio, request, seeds, progress)

    monkeypatch.setattr(Studio, "make", out_of_memory)

    result, _ = run(cut, options)

    assert [shot.reason for shot in result.failed] == ["RuntimeError: out of memory"]
    assert result.made == 2


def test_when_nothing_can_be_made_no_timeline_is_written(cut: Path, options: BatchOptions) -> None:
    for movie in cut.parent.glob("*.mp4"):
        movie.unlink()

    result, _ = run(cut, options)

    assert result.output is None
    assert len(result.failed) == 3
    assert not default_output(cut).exists()


def test_media_is_found_again_under_the_media_root(
    cut: Path, options: BatchOptions, tmp_path: Path
) -> None:
    for movie in cut.parent.glob("*.mp4"):
        (tmp_path / "elsewhere" / "deep").mkdir(parents=True, exist_ok=True)
        shutil.move(movie, tmp_path / "elsewhere" / "deep")

    result, _ = run(cut, replace(options, reading=ReadOptions(media_root=tmp_path / "elsewhere")))

    assert result.made == 3


def test_several_takes_are_references_of_one_clip_best_first(
    cut: Path, options: BatchOptions
) -> None:
    several = replace(options, rendering=replace(options.rendering, takes=2))

    result, told = run(cut, several)

    assert result.output is not None
    done = [event for event in told if isinstance(event, ShotDone)]
    for (_, _, clip), shot in zip(foley_clips(result.output), done, strict=True):
        assert len(clip.media_references()) == 2
        assert sound_of(clip, result.output) == shot.takes[0].path


def test_the_licence_and_the_settings_stand_on_each_clip(cut: Path, options: BatchOptions) -> None:
    result, _ = run(cut, options)

    assert result.output is not None
    for (_, _, clip), caption in zip(foley_clips(result.output), projects.CAPTIONS, strict=True):
        note = str(clip.metadata["diffava_foley"]) + str(clip.media_reference.metadata)
        for word in (caption, "CC0-1.0", "tiny", "per-second"):
            assert word in note


def test_the_project_can_be_moved_with_its_takes(
    cut: Path, options: BatchOptions, tmp_path: Path
) -> None:
    run(cut, options)
    moved = Path(shutil.move(cut.parent, tmp_path / "moved")) / cut.name

    result, _ = run(moved, options)

    assert (result.made, result.reused) == (0, 3)
    assert result.output is not None
    for _, _, clip in foley_clips(result.output):
        assert sound_of(clip, result.output).is_relative_to(takes_folder(result.output))


def test_a_survey_makes_nothing_and_knows_what_is_there(cut: Path, options: BatchOptions) -> None:
    (cut.parent / "2.mp4").unlink()
    before = sorted(cut.parent.rglob("*"))

    plan = batch.survey(cut, default_output(cut), options)

    assert sorted(cut.parent.rglob("*")) == before
    assert [shot.found for shot in plan.shots] == [0, 0, None]
    assert [shot.problem is None for shot in plan.shots] == [True, True, False]

    run(cut, options)
    assert [shot.found for shot in batch.survey(cut, default_output(cut), options).shots][:2] == [
        1,
        1,
    ]


def test_a_survey_goes_without_weights(cut: Path, options: BatchOptions) -> None:
    blind = replace(options, rendering=RenderOptions(weights="nobody/nothing"))

    plan = batch.survey(cut, default_output(cut), blind)

    assert [shot.found for shot in plan.shots] == [None, None, None]


def test_a_cut_without_captions_is_an_error(tmp_path: Path, options: BatchOptions) -> None:
    cut = projects.make_project(tmp_path, (None, None))

    with pytest.raises(TimelineError, match="no caption"):
        run(cut, options)


def test_unknown_weights_end_the_batch_at_once(cut: Path, options: BatchOptions) -> None:
    with pytest.raises(WeightsError, match="nonsense"):
        run(cut, replace(options, rendering=RenderOptions(weights="nonsense")))


def test_a_full_disk_ends_the_batch_and_keeps_what_was_finished(
    cut: Path, options: BatchOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffava_foley.media import audio

    write, written = audio.write_audio, []

    def nearly_full(path, *arguments, **more):  # type: ignore[no-untyped-def]
        if written:
            raise OutputError(f"{path}: the disk is full")
        written.append(path)
        write(path, *arguments, **more)

    monkeypatch.setattr(audio, "write_audio", nearly_full)
    with pytest.raises(OutputError, match="full"):
        run(cut, options)
    monkeypatch.setattr(audio, "write_audio", write)

    result, _ = run(cut, options)

    assert (result.made, result.reused) == (2, 1)


def test_a_cue_sheet_tells_scripts_which_take_lies_where(
    cut: Path, options: BatchOptions, tmp_path: Path
) -> None:
    sheet = tmp_path / "cues.json"

    _, told = run(cut, replace(options, cue_sheet=sheet))

    content = json.loads(sheet.read_text())
    best = [str(event.takes[0].path) for event in told if isinstance(event, ShotDone)]
    assert [Fraction(cue["start"], projects.RATE) for cue in content["cues"]] == projects.starts()
    assert [cue["frames"] for cue in content["cues"]] == list(projects.LENGTHS)
    assert [cue["takes"][0] for cue in content["cues"]] == best
    assert content["rate"] == [projects.RATE, 1]


def test_a_cue_sheet_in_the_way_is_told_before_any_work(
    cut: Path, options: BatchOptions, made: list[str], tmp_path: Path
) -> None:
    mine = tmp_path / "package.json"
    mine.write_text("{}")

    with pytest.raises(OutputError, match="no cue sheet of ours"):
        run(cut, replace(options, cue_sheet=mine))

    assert made == []
    assert mine.read_text() == "{}"
