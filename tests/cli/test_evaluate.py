"""``evaluate`` prints the paper's table and draws its figure, or says in one line why not."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from evaluation.juries import panns_file
from media.drawing import Clip, draw
from PIL import Image
from training.footage import film, manifest

from diffava_foley.cli.evaluate import COMMANDS

from .conftest import Command

QUICK = ("--steps", 1, "--device", "cpu", "--precision", "float32", "--offline")


@pytest.fixture
def evaluate(foley: Command, tiny_weights: Path) -> Command:
    """``evaluate`` with tiny weights, as quick as can be."""
    return lambda name, *arguments: foley(
        "evaluate", name, *arguments, "--weights", tiny_weights, *QUICK
    )


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of two clips with sounds of their own."""
    for name in ("a", "b"):
        film(tmp_path / f"{name}.mp4", 1, pitch=440)
    rows = [["a.mp4", 0, "rain falls"], ["b.mp4", 0, "a dog barks"]]
    return manifest(tmp_path / "list.csv", rows, "clip,start,caption")


@pytest.fixture
def judge(tmp_path: Path) -> str:
    """A judge of five classes."""
    return f"panns:{panns_file(tmp_path / 'judge.pth')}"


def last_line(result: Result) -> str:
    assert "Traceback" not in result.output
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_way_of_measuring_has_help(foley: Command, command: str) -> None:
    result = foley("evaluate", command, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_the_table_is_printed_and_written(
    evaluate: Command, listed: Path, judge: str, tiny_weights: Path
) -> None:
    result = evaluate(
        *("table", listed, "--judge", judge, "--json", "out.json", "--markdown", "out.md")
    )

    assert result.exit_code == 0, result.output
    written = json.loads(Path("out.json").read_text("utf-8"))
    kl = written["tables"][0]["rows"][1]["measures"]["kl_softmax"]["value"]
    for text in (result.stdout, Path("out.md").read_text("utf-8")):
        assert "DiffAVA, per-second" in text
        assert f"{kl:z.2f}" in text
        assert "DiffAVA (published)" in text
        assert "other judge, other settings" in text
        assert "FAD is empty" in text
        assert f"Sounds made with {tiny_weights.name} (CC0-1.0)" in text
        assert "steps 1, guidance" in text
    assert {clip["name"] for clip in written["clips"]} == {"a.mp4", "b.mp4"}
    assert all(Path(path).is_file() for path in written["clips"][0]["sounds"].values())
    assert "CC0-1.0" in result.stderr


def test_a_bad_clip_ends_with_1_after_all_others(
    evaluate: Command, listed: Path, judge: str
) -> None:
    with listed.open("a", encoding="utf-8") as file:
        file.write("gone.mp4,0,the sea\n")

    result = evaluate("table", listed, "--judge", judge)

    assert result.exit_code == 1
    assert "Clips tried: 2. Failed: 1." in result.stdout
    assert "failed: gone.mp4 “the sea”" in result.stdout
    assert "DiffAVA, per-second" in result.stdout


def test_a_table_that_is_there_is_kept_and_nothing_is_made(
    evaluate: Command, listed: Path, judge: str
) -> None:
    Path("out.json").write_text("somebody's work")

    result = evaluate("table", listed, "--judge", judge, "--json", "out.json")

    assert result.exit_code == 1
    assert "out.json: it exists already" in last_line(result)
    assert Path("out.json").read_text() == "somebody's work"
    assert not listed.with_suffix(".sounds").exists()


def test_the_figure_is_drawn_as_png_and_svg(evaluate: Command, tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", 1)

    result = evaluate("figure", clip, "a dog barks", "-o", "f.png", "-o", "f.svg", "--frames", 3)

    assert result.exit_code == 0, result.output
    assert result.stdout == "f.png\nf.svg\n"
    with_own = Image.open("f.png").size
    assert Path("f.svg").read_text("utf-8").rstrip().endswith("</svg>")
    silent = draw(tmp_path / "silent.mp4", Clip(frames=24))
    evaluate("figure", silent, "a dog barks", "-o", "silent.png", "--frames", 3)
    assert Image.open("silent.png").height < with_own[1]  # no panel for a sound that is not there


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["clip.mp4", "rain", "-o", "f.jpg"], 1, "ends in .png or .svg"),
        (["clip.mp4", "rain", "-o", "taken.png"], 1, "taken.png: it exists already"),
        (["nowhere.mp4", "rain", "-o", "f.png"], 1, "nowhere.mp4: no such file"),
        (["clip.mp4", "rain", "-o", "f.png", "--start", "9"], 1, "check the start"),
        (["clip.mp4", "rain", "-o", "f.png", "--start", "1", "--end", "1"], 1, "check --start"),
        (["clip.mp4", " ", "-o", "f.png"], 1, "the caption is empty"),
        (["clip.mp4", "rain"], 2, "Missing option '-o'"),
    ],
)
def test_what_cannot_be_drawn_is_one_clear_line(
    evaluate: Command, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    draw(tmp_path / "clip.mp4", Clip(frames=24))
    Path("taken.png").write_text("somebody's work")

    result = evaluate("figure", *arguments)

    assert result.exit_code == code
    assert words in last_line(result)
    assert Path("taken.png").read_text() == "somebody's work"
    assert not Path("f.png").exists()
