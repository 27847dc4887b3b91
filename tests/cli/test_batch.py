"""``batch`` tells what it will do, does it, and says what is missing."""

import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import projects
import pytest

from diffava_foley.media.audio import read_audio
from diffava_foley.media.loudness import loudness

from .conftest import Command, events


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A cut of three captioned clips."""
    return projects.make_project(tmp_path).relative_to(tmp_path)


@pytest.fixture
def batch(foley: Command, tiny_weights: Path) -> Command:
    """``batch`` with tiny weights."""
    return lambda *arguments: foley("batch", *arguments, "--weights", tiny_weights)


def in_a_new_process(*arguments: object) -> tuple[str, bool]:
    """What a command wrote, and whether it loaded torch."""
    script = (
        "import sys\n"
        "from diffava_foley.cli.main import main\n"
        f"main({[str(argument) for argument in arguments]!r}, standalone_mode=False)\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *lines, torch = done.stdout.splitlines()
    return "\n".join(lines), torch == "True"


def test_a_timeline_gets_its_foley_and_a_summary(batch: Command, cut: Path) -> None:
    result = batch(cut)

    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Takes made: 3, found from before: 0. Shots failed: 0. Passed over: 0.\n"
        "New timeline: cut-foley.otio\n"
    )
    assert len(list(Path("cut-foley.takes").glob("*.wav"))) == 3


def test_a_dry_run_is_a_table_and_loads_no_torch(
    batch: Command, cut: Path, tiny_weights: Path
) -> None:
    Path("1.mp4").unlink()
    before = sorted(Path().rglob("*"))

    table, torch = in_a_new_process("batch", cut, "--dry-run", "--weights", tiny_weights)

    assert not torch
    assert all(caption in table for caption in projects.CAPTIONS)
    assert "cannot be made" in table
    assert "Takes to make: 2. Shots that cannot be made: 1. Passed over: 0." in table
    assert sorted(Path().rglob("*")) == before


def test_a_second_run_loads_no_torch(batch: Command, cut: Path, tiny_weights: Path) -> None:
    batch(cut)

    summary, torch = in_a_new_process("batch", cut, "--weights", tiny_weights)

    assert summary.startswith("Takes made: 0, found from before: 3.")
    assert not torch


def test_missing_media_is_told_and_ends_with_1(batch: Command, cut: Path) -> None:
    Path("1.mp4").unlink()

    result = batch(cut)

    assert result.exit_code == 1
    assert "Takes made: 2, found from before: 0. Shots failed: 1." in result.stdout
    assert "failed: 1 “rain falls”: " in result.stdout
    assert "1.mp4" in result.stdout
    assert Path("cut-foley.otio").is_file()


def test_what_happens_is_told_as_lines_of_json(batch: Command, cut: Path) -> None:
    Path("1.mp4").unlink()

    told = events(batch(cut, "--json", "--steps", 1))

    assert [line["event"] for line in told] == [
        "weights_chosen",
        "planned",
        "shot_started",
        "step_done",
        "shot_done",
        "shot_failed",
        "shot_started",
        "step_done",
        "shot_done",
        "finished",
    ]
    assert told[-1]["output"] == "cut-foley.otio"
    assert [shot["caption"] for shot in told[-1]["failed"]] == ["rain falls"]


def test_a_dry_run_can_be_told_in_json(batch: Command, cut: Path) -> None:
    (plan,) = events(batch(cut, "--dry-run", "--json"))

    assert plan["event"] == "planned"
    assert [shot["caption"] for shot in plan["shots"]] == list(projects.CAPTIONS)


def test_only_some_shots_can_be_asked_for(batch: Command, cut: Path) -> None:
    (plan,) = events(batch(cut, "--dry-run", "--json", "--only", "rain"))

    assert [shot["caption"] for shot in plan["shots"]] == ["rain falls"]


@pytest.mark.parametrize("option", ["--marker-colour", "--marker-color"])
def test_markers_can_be_chosen_by_colour(batch: Command, cut: Path, option: str) -> None:
    (green,) = events(batch(cut, "--dry-run", "--json", option, "green"))
    (red,) = events(batch(cut, "--dry-run", "--json", option, "RED"))

    assert (len(green["shots"]), len(red["shots"])) == (3, 0)


def test_the_track_gets_its_name(batch: Command, cut: Path) -> None:
    batch(cut, "--track-name", "Steps and doors")

    assert '"Steps and doors"' in Path("cut-foley.otio").read_text()


def test_sounds_are_delivered_as_they_were_asked_for(batch: Command, cut: Path) -> None:
    name = "{timeline}_{track}_{clip}_{take:02}"
    told = events(batch(cut, "--handles", "6f", "--name", name, "--stem", "--takes", 2, "--json"))

    done = [line for line in told if line["event"] == "shot_done"]
    assert [(shot["head"], shot["tail"]) for shot in done] == [
        (0, 0.25),
        (0.041667, 0.25),
        (0.083333, 0.25),
    ]
    names = {Path(take["path"]).name for shot in done for take in shot["takes"]}
    assert names == {f"cut_V1_{clip}_{take}.wav" for clip in range(3) for take in ("01", "02")}
    assert told[-1]["stem"] == "cut-foley.stem.wav"
    assert read_audio(Path("cut-foley.stem.wav")).duration == Fraction(3 * 12 + 24 + 30 + 18, 24)


def test_another_form_of_delivery_runs_no_model(
    batch: Command, cut: Path, tiny_weights: Path
) -> None:
    batch(cut)

    more = ("--loudness", "-30", "--channels", "2", "--name", "{caption}", "--stem")
    summary, torch = in_a_new_process("batch", cut, "--weights", tiny_weights, *more)

    assert summary.startswith("Takes made: 0, found from before: 3.")
    assert "Stem: cut-foley.stem.wav" in summary
    assert not torch
    sound = read_audio(Path("cut-foley.takes/rain-falls.wav"))
    assert loudness(sound.samples, 48_000) == pytest.approx(-30, abs=0.2)


@pytest.mark.parametrize("ending", ["otioz", "otiod"])
def test_a_bundle_carries_its_media_and_is_made_again(
    batch: Command, cut: Path, ending: str
) -> None:
    for _ in range(2):
        result = batch(cut, "-o", f"all.{ending}")
        assert result.exit_code == 0, result.output

    if ending == "otioz":
        names = zipfile.ZipFile("all.otioz").namelist()
    else:
        names = [str(path.relative_to("all.otiod")) for path in Path("all.otiod").rglob("*.*")]
    assert sum(name.endswith(".wav") for name in names) == 3
    assert {"media/0.mp4", "media/1.mp4", "media/2.mp4"} <= set(names)


def test_a_premiere_timeline_goes_in_and_out(batch: Command, cut: Path) -> None:
    pytest.importorskip("otio_fcp_adapter")
    timeline = otio.adapters.read_from_file(str(cut))
    for clip in timeline.find_clips():
        clip.markers[0].name = clip.markers[0].comment  # the adapter writes no comments
        clip.media_reference.target_url = str(Path(clip.media_reference.target_url).absolute())
    otio.adapters.write_to_file(timeline, "cut.xml")

    result = batch("cut.xml", "-o", "cut-foley.xml")

    assert result.exit_code == 0, result.output
    new = otio.adapters.read_from_file("cut-foley.xml")
    sounds = [clip for track in new.audio_tracks() for clip in track.find_clips()]
    starts = [clip.range_in_parent().start_time.value / 24 for clip in sounds]
    assert starts == [float(start) for start in projects.starts()]
    assert [clip.name for clip in sounds] == list(projects.CAPTIONS)


def test_an_edl_is_told_its_rate(batch: Command, tmp_path: Path) -> None:
    pytest.importorskip("otio_cmx3600_adapter")
    Path("cut.edl").write_text(
        "TITLE: reel\n001  A  V  C  01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
        "* FROM CLIP NAME: a\n* LOC: 10:00:01:00 RED     rain falls\n"
    )

    (plan,) = events(batch("cut.edl", "--fps", "25", "--dry-run", "--json"))

    assert [(shot["caption"], shot["duration"]) for shot in plan["shots"]] == [("rain falls", 2)]


def test_a_stem_that_somebody_else_made_is_kept(batch: Command, cut: Path) -> None:
    Path("cut-foley.stem.wav").write_text("somebody's work")

    result = batch(cut, "--stem")

    assert result.exit_code == 1
    assert "cut-foley.stem.wav: it exists" in result.stderr
    assert Path("cut-foley.stem.wav").read_text() == "somebody's work"


@pytest.mark.parametrize(
    ("template", "words"),
    [("{scene}_{take}", "speaks of {scene}"), ("{take", "cannot be read"), ("{clip:q}", "read")],
)
def test_a_template_that_names_no_file_is_bad_usage(
    batch: Command, cut: Path, template: str, words: str
) -> None:
    result = batch(cut, "--name", template)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_an_interrupt_ends_with_130_and_the_next_run_goes_on(
    batch: Command, cut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("diffava_foley.batch.ShotDone", _interrupt)
        result = batch(cut)
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == (
        "Stopped. What was finished is kept; run it again to go on."
    )

    assert "Takes made: 2, found from before: 1." in batch(cut).stdout


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.otio"], "nowhere.otio"),
        (["broken.otio"], "broken.otio"),
        (["words.txt"], "words.txt"),
        (["newer.otio"], "newer.otio"),
        (["cut.otio", "-o", "cut.otio"], "this is the timeline itself"),
        (["cut.otio", "-o", "theirs.otio"], "--overwrite"),
        (["cut.otio", "-o", "words.txt/new.otio"], "a file is in the way"),
        (["cut.otio", "-o", "new.wav"], "ends in .otio"),
        (["cut.otio", "--only", "nothing like it"], "no caption was found"),
        (["cut.otio", "--media-root", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_one_clear_line_and_nothing_is_lost(
    batch: Command, cut: Path, arguments: list[str], words: str
) -> None:
    Path("broken.otio").write_text('{"OTIO_SCHEMA": ')
    Path("newer.otio").write_text('{"OTIO_SCHEMA": "Timeline.99", "name": "future"}')
    Path("words.txt").write_text("not a timeline")
    Path("theirs.otio").write_text("somebody's work")
    before = {path: path.read_bytes() for path in Path().rglob("*")}

    result = batch(*arguments)

    assert result.exit_code == 1, result.output
    line = result.stderr.splitlines()[-1]
    assert line.startswith("Error: ")
    assert words in line
    assert {path: path.read_bytes() for path in Path().rglob("*")} == before


def test_an_error_is_a_line_of_json_too(batch: Command) -> None:
    result = batch("nowhere.otio", "--json")

    assert result.exit_code == 1
    assert [line["event"] for line in events(result)] == ["error"]
