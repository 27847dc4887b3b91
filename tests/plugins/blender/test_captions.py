"""A strip's words: what counts as a caption and what does not."""

import pytest
from blender_addon.captions import Choice, Cue, cues_of, is_given


@pytest.mark.parametrize(
    ("name", "file", "given"),
    [
        ("glass shatters", "A001_C002.mov", True),
        ("A001_C002.mov", "A001_C002.mov", False),
        ("A001_C002", "A001_C002.mov", False),
        ("A001_C002.mov.001", "A001_C002.mov", False),
        ("A001_C002.012", "A001_C002.mov", False),
        ("a001_c002.MOV", "A001_C002.mov", False),
        ("rain.001", "A001_C002.mov", True),
        ("n" * 63, "n" * 80 + ".mov", False),
        ("ü" * 31, "ü" * 40 + ".mov", False),
        ("img.1001.png", "img.1001.png", False),
        ("001", "clip.mov", False),
        ("", "clip.mov", False),
    ],
)
def test_a_name_is_a_caption_only_if_a_person_gave_it(name: str, file: str, given: bool) -> None:
    assert is_given(name, [file]) is given


def test_markers_without_a_name_of_their_own_are_no_captions() -> None:
    choice = Choice()

    assert [choice.of_marker(name) for name in ("F_01", "F_1042", "F_dur")] == ["", "", "F_dur"]


def test_a_prefix_narrows_markers_and_names_and_is_cut_off() -> None:
    choice = Choice(prefix="foley:")

    assert choice.of_marker("Foley: a dog  barks") == "a dog barks"
    assert choice.of_marker("Act 2") == ""
    assert choice.of_name("foley: rain.001", ["x.mov"]) == "rain"
    assert choice.of_name("rain", ["x.mov"]) == ""


def test_what_is_switched_off_does_not_count() -> None:
    assert Choice(markers=False).of_marker("rain") == ""
    assert Choice(names=False).of_name("rain", ["x.mov"]) == ""


def test_the_own_caption_goes_before_markers_and_they_before_the_name() -> None:
    late, early = Cue("thunder", 30), Cue("rain", 20)

    assert cues_of("a dog", [late, early], "name", 10) == (Cue("a dog", 10),)
    assert cues_of("", [late, early], "name", 10) == (early, late)
    assert cues_of("", [], "name", 10) == (Cue("name", 10),)
    assert cues_of("", [], "", 10) == ()
