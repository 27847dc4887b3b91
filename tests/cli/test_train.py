"""``train``: from clips and a table to an alignment that ``one`` and ``batch`` take."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import projects
import pytest
from training.footage import film, manifest

from diffava_foley.training.features import open_folder

from .conftest import Command

OURS = "clip,start,caption"


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Six little films, and the manifest that tells of them."""
    names = [film(tmp_path / f"{n}.mp4", 2, 220.0 * (n + 1)).name for n in range(6)]
    words = ("a dog barks", "rain falls", "a door slams", "glass breaks", "the train", "the sea")
    rows = [(name, 0, caption) for name, caption in zip(names, words, strict=True)]
    return manifest(tmp_path / "clips.csv", rows, OURS)


@pytest.fixture
def small() -> tuple[object, ...]:
    """A recipe for a second of work."""
    shape = ("--width", 8, "--layers", 1, "--heads", 2)
    return (*shape, "--epochs", 2, "--batch", 2, "--held-out-share", 0.5, "--device", "cpu")


def test_clips_become_an_alignment_that_one_and_batch_take(
    foley: Command, tmp_path: Path, clips: Path, tiny_weights: Path, small: tuple[object, ...]
) -> None:
    prepared = foley("train", "prepare", clips, "-o", "features", "--weights", tiny_weights)
    trained = foley("train", "align", "features", "-o", "run", *small)
    given = ("--weights", tiny_weights, "--alignment", "run/alignment")
    made = foley("one", "0.mp4", "a dog barks", "-o", "dog.wav", *given)
    cut = foley("batch", projects.make_project(tmp_path), *given)

    assert prepared.exit_code == 0, prepared.output
    assert "Clips encoded: 6, found from before: 0. Broken: 0." in prepared.stdout
    assert trained.exit_code == 0, trained.output
    assert "captions alone: recall@1" in trained.stderr
    assert "epoch 2 · loss" in trained.stderr
    assert "Best alignment: run/alignment, of epoch" in trained.stdout
    assert made.exit_code == 0, made.output
    assert Path("dog.wav").stat().st_size > 0
    assert cut.exit_code == 0, cut.output
    assert "Takes made: 3, found from before: 0. Shots failed: 0." in cut.stdout
    told = json.loads(Path("run/alignment/training.json").read_text())
    assert told["recipe"]["batch"] == 2


def test_a_broken_clip_is_listed_and_the_rest_is_done(
    foley: Command, clips: Path, tiny_weights: Path
) -> None:
    rows = [("0.mp4", 0, "a dog barks"), ("gone.mp4", 0, "rain"), ("1.mp4", 7, "rain"), ("", 0, "")]
    manifest(clips, rows, OURS)

    result = foley("train", "prepare", clips, "-o", "features", "--weights", tiny_weights)

    assert result.exit_code == 1
    assert "Clips encoded: 1, found from before: 0. Broken: 3." in result.stdout
    with Path("features/broken.csv").open(newline="") as file:
        reasons = {row["clip"]: row["reason"] for row in csv.DictReader(file)}
    assert "no such file" in reasons["gone.mp4"]
    assert "lasts 2 s, so there is nothing at 7 s" in reasons["1.mp4"]
    assert "does not say which clip" in reasons[""]


def test_prepare_goes_on_with_what_is_new(foley: Command, clips: Path, tiny_weights: Path) -> None:
    command = ("train", "prepare", clips, "-o", "features", "--weights", tiny_weights)
    foley(*command)
    with clips.open("a") as table:
        table.write("0.mp4,0.5,rain falls\n")

    again = foley(*command)

    assert again.exit_code == 0
    assert "Clips encoded: 1, found from before: 6." in again.stdout
    assert open_folder(Path("features")).clips == (6, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prepare", "none.csv", "-o", "f"], "none.csv: cannot be read as a table"),
        (["prepare", "a.csv", "-o", "f"], "this has clip, when"),
        (["prepare", "caps.csv", "-o", "f"], "say where its clips lie (--media)"),
        (["prepare", "caps.csv", "-o", "f", "--media", "x"], "x: there is no such folder"),
        (["align", "nothing", "-o", "run"], "there are no features here"),
        (["align", "nothing", "-o", "run", "--gate", "0"], "behind a gate at zero"),
        (["align", "nothing", "-o", "run", "--width", "9"], "a multiple of the heads"),
        (["align", "nothing", "-o", "run", "--batch", "1"], "a batch of one"),
    ],
)
def test_what_cannot_be_is_one_clear_line(foley: Command, arguments: list[str], words: str) -> None:
    manifest(Path("a.csv"), [], "clip,when")
    manifest(Path("caps.csv"), [], "audiocap_id,youtube_id,start_time,caption")

    result = foley("train", *arguments)

    assert result.exit_code == 1
    assert words in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["prepare", "align"])
def test_help_loads_nothing_heavy(command: str) -> None:
    script = (
        "import sys\n"
        "from diffava_foley.cli.main import main\n"
        f"main(['train', {command!r}, '--help'], standalone_mode=False)\n"
        "print(*{'torch', 'numpy', 'av', 'rich', 'accelerate'} & set(sys.modules), 'loaded')\n"
    )

    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True)

    assert done.stdout.startswith("Usage:"), done.stderr
    assert done.stdout.splitlines()[-1] == "loaded"
