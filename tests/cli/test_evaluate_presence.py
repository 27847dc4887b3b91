from pathlib import Path

from click.testing import CliRunner
from PIL import Image

from diffava_foley.cli.main import main
from diffava_foley.evaluation.presence import bench
from diffava_foley.training.embedded import classes, pictures
from diffava_foley.training.embedded.pictures import Collections


def collections(folder: Path) -> tuple[Path, Path]:
    """Every picture that is held out, as a grey square."""
    places = {pictures.STAMPS: folder / "stamps", pictures.CLIPART: folder / "clipart"}
    for picture in pictures.read(pictures.HELD_OUT):
        path = places[picture.collection] / picture.picture
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGBA", (8, 8), (99, 99, 99, 255)).save(path)
    return places[pictures.STAMPS], places[pictures.CLIPART]


def test_build_draws_a_bench_with_its_manifest(tmp_path: Path) -> None:
    stamps, clipart = collections(tmp_path)
    folder = tmp_path / "bench"
    options = ["--stamps", str(stamps), "--clipart", str(clipart), "--ones", "1", "--twos", "1"]

    result = CliRunner().invoke(main, ["evaluate", "presence", "build", str(folder), *options])

    assert result.exit_code == 0, result.output
    assert result.output == f"2 clips and bench.json in {folder}\n"
    assert [len(scene.stays) for scene in bench.read(folder)] == [1, 2]
    assert {path.name for path in folder.glob("*.mp4")} == {"one-000.mp4", "two-000.mp4"}


def test_look_counts_objects_and_the_captions_of_what_is_not_there(tmp_path: Path) -> None:
    places = Collections(*collections(tmp_path))
    scenes = bench.build(tmp_path, places, ones=1, twos=1, seed=0)
    absent = sum(len(classes.SOUNDS) - len(scene.stays) for scene in scenes)

    result = CliRunner().invoke(main, ["evaluate", "presence", "look", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert sum(line.endswith("| 3 |") for line in result.output.splitlines()) == 3
    assert "of 3 phrases of what is there" in result.output
    assert f"of {absent} captions of what is not" in result.output


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    options = ["--stamps", str(tmp_path), "--clipart", str(tmp_path), "--ones", "1", "--twos", "0"]

    result = CliRunner().invoke(
        main, ["evaluate", "presence", "build", str(tmp_path / "bench"), *options]
    )

    assert result.exit_code == 1
    assert "no picture" in result.output


def test_looking_without_a_bench_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["evaluate", "presence", "look", str(tmp_path)])

    assert result.exit_code == 1
    assert "make one with `evaluate presence build`" in result.output
