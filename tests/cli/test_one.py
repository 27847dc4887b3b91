"""``one`` makes the sound of a clip, and refuses what it cannot do in one clear line."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result
from media.drawing import Clip, draw
from wavinfo import WavInfoReader

from diffava_foley.media.audio import read_audio
from diffava_foley.media.loudness import loudness

from .conftest import Command, events

CAPTION = "a glass breaks"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds of picture."""
    return draw(tmp_path / "clip.mp4", Clip(rate=Fraction(24), frames=48))


@pytest.fixture
def one(foley: Command, tiny_weights: Path) -> Command:
    """``one`` with tiny weights."""
    return lambda *arguments: foley("one", *arguments, "--weights", tiny_weights)


def one_line(result: Result) -> str:
    """The only line of an error."""
    line = result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.output
    assert line.startswith("Error: ")
    return line


def test_a_clip_gets_a_sound_of_exactly_its_length(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "-o", "glass.wav")

    assert result.exit_code == 0, result.output
    assert result.stdout == "glass.wav\n"
    sound = read_audio(Path("glass.wav"))
    assert (sound.sample_rate, sound.samples.shape) == (48_000, (1, 96_000))


def test_without_a_name_the_sound_is_named_after_the_clip(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "--format", "flac")

    assert result.stdout == "clip-foley.flac\n"
    assert Path("clip-foley.flac").is_file()


def test_a_part_of_the_clip_gets_a_sound_as_long_as_the_part(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "-o", "part.wav", "--start", "0.5", "--end", "0:01.25")

    assert result.exit_code == 0, result.output
    assert read_audio(Path("part.wav")).duration == Fraction(3, 4)


def test_several_takes_are_numbered_beside_the_best(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "-o", "glass.wav", "--takes", 3, "--json")

    done = events(result)[-2]
    assert [take["path"] for take in done["takes"]] == ["glass.wav", "glass-2.wav", "glass-3.wav"]
    scores = [take["score"] for take in done["takes"]]
    assert scores == sorted(scores, reverse=True)
    assert len({Path(take["path"]).read_bytes() for take in done["takes"]}) == 3


def test_the_same_seed_makes_the_same_file(
    one: Command, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")  # the date is in the file
    for name in ("a.wav", "b.wav"):
        one(clip, CAPTION, "-o", name, "--seed", 7)
    one(clip, CAPTION, "-o", "c.wav", "--seed", 8)

    assert Path("a.wav").read_bytes() == Path("b.wav").read_bytes()
    assert Path("a.wav").read_bytes() != Path("c.wav").read_bytes()


def test_the_movie_is_copied_with_its_new_sound(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "-o", "glass.wav", "--mux", "out.mov")

    assert result.exit_code == 0, result.output
    assert read_audio(Path("out.mov")).duration == 2


def test_the_licence_of_the_weights_is_shown(one: Command, clip: Path) -> None:
    assert "CC0-1.0" in one(clip, CAPTION).stderr


def test_an_image_gets_a_sound_as_long_as_asked(one: Command, tmp_path: Path) -> None:
    still = draw(tmp_path / "still.jpg", Clip(codec="mjpeg", frames=1))

    result = one(still, CAPTION, "--end", 1)

    assert result.exit_code == 0, result.output
    assert read_audio(Path("still-foley.wav")).duration == 1


def test_what_happens_is_told_in_order(one: Command, clip: Path) -> None:
    told = [line["event"] for line in events(one(clip, CAPTION, "--steps", 2, "--json"))]

    first, last = ["weights_chosen", "shot_started"], ["shot_done", "finished"]
    assert told == [*first, "step_done", "step_done", *last]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.mp4", CAPTION], "nowhere.mp4: no such file"),
        (["words.mp4", CAPTION], "words.mp4: cannot be read as media"),
        (["sound.wav", CAPTION], "there is no video stream"),
        (["https://example.org/a.mp4", CAPTION], "only local files"),
        (["clip.mp4", " "], "the caption is empty"),
        (["clip.mp4", CAPTION, "--start", "1", "--end", "1"], "no picture from 1 s to 1 s"),
        (["clip.mp4", CAPTION, "--start", "9"], "no picture from 9 s to 2 s"),
        (["clip.mp4", CAPTION, "-o", "taken.wav"], "taken.wav: it exists already"),
        (["clip.mp4", CAPTION, "-o", "words.mp4/a.wav"], "a file is in the way"),
        (["clip.mp4", CAPTION, "--mux", "clip.mp4"], "this is the clip itself"),
        (["clip.mp4", CAPTION, "--mux", "out.txt"], "out.txt: cannot be a movie"),
    ],
)
def test_bad_input_is_one_clear_line_and_nothing_is_lost(
    one: Command, clip: Path, arguments: list[str], words: str
) -> None:
    Path("words.mp4").write_text("this is not a movie")
    Path("taken.wav").write_text("somebody's work")
    one(clip, CAPTION, "-o", "sound.wav")
    before = {path: path.read_bytes() for path in Path().iterdir()}

    result = one(*arguments)

    assert result.exit_code == 1
    assert words in one_line(result)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["clip.mp4"], "Missing argument 'CAPTION'"),
        (["clip.mp4", CAPTION, "--start", "soon"], "'soon' is not a time"),
        (["clip.mp4", CAPTION, "--takes", "0"], "--takes"),
        (["clip.mp4", CAPTION, "--handles", "long"], "'long' is no length"),
        (["clip.mp4", CAPTION, "--handles", "1.5f"], "'1.5f' is no length"),
        (["clip.mp4", CAPTION, "--loudness", "12"], "--loudness"),
        (["clip.mp4", CAPTION, "-o", "a.mp3"], ".wav or .flac, not .mp3"),
        (["clip.mp4", CAPTION, "--sampler", "magic"], "--sampler"),
    ],
)
def test_bad_usage_ends_with_2(one: Command, clip: Path, arguments: list[str], words: str) -> None:
    result = one(*arguments)

    assert result.exit_code == 2
    assert words in one_line(result)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("nonsense", "no weights 'nonsense'"),
        ("nobody/nothing", "not on this machine"),
        (".", "is not a complete AudioLDM"),
    ],
)
def test_unknown_weights_are_one_clear_line(
    foley: Command, clip: Path, weights: str, words: str
) -> None:
    result = foley("one", clip, CAPTION, "--weights", weights, "--offline")

    assert result.exit_code == 1
    assert words in one_line(result)


def test_a_checkpoint_for_other_weights_is_refused(
    one: Command, clip: Path, tiny_weights: Path
) -> None:
    checkpoint = Path(shutil.copytree(tiny_weights / "alignment", "alignment"))
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "base": "another"}))

    result = one(clip, CAPTION, "--alignment", checkpoint)

    assert result.exit_code == 1
    assert "trained for" in one_line(result)


def test_an_interrupted_run_ends_with_130_and_leaves_nothing(
    one: Command, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("diffava_foley.studio.Studio.make", interrupted)

    result = one(clip, CAPTION)

    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1].startswith("Stopped.")
    assert list(Path().iterdir()) == [clip.relative_to(Path.cwd())]


def test_errors_are_lines_of_json_too(one: Command) -> None:
    result = one("nowhere.mp4", CAPTION, "--json")

    assert result.exit_code == 1
    assert events(result)[-1]["event"] == "error"
    assert "no such file" in events(result)[-1]["message"]


def test_handles_make_the_sound_longer_as_far_as_there_is_picture(one: Command, clip: Path) -> None:
    result = one(
        *(clip, CAPTION, "-o", "a.wav", "--start", "0.25", "--end", "1.25", "--handles", "12f"),
        "--json",
    )

    done = events(result)[-2]
    assert (done["head"], done["tail"]) == (0.25, 0.5)
    assert read_audio(Path("a.wav")).duration == Fraction(7, 4)


def test_the_file_says_what_it_is_and_where_it_belongs(one: Command, clip: Path) -> None:
    one(clip, CAPTION, "-o", "a.wav", "--start", "0.5", "--handles", "6f")

    bext = WavInfoReader("a.wav").bext
    assert (bext.description, bext.originator) == (CAPTION, "diffava-foley")
    assert bext.time_reference == 12_000  # a quarter of a second: half a one less the handle


def test_a_sound_can_be_brought_to_a_loudness(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "-o", "a.wav", "--loudness", "-33")

    assert result.exit_code == 0, result.output
    assert loudness(read_audio(Path("a.wav")).samples, 48_000) == pytest.approx(-33, abs=0.2)


def test_a_movies_new_sound_has_no_handles(one: Command, clip: Path) -> None:
    result = one(clip, CAPTION, "--mux", "out.mov", "--handles", "1s")

    assert "has no handles" in one_line(result)
