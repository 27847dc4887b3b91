"""Which take lies where, in whole frames, as JSON and as Lua."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import lua51 as lupa  # the version that DaVinci Resolve has

from diffava_foley.errors import OutputError
from diffava_foley.timeline.cue_sheet import check_cue_sheet, cue_sheet, write_cue_sheet
from diffava_foley.timeline.lua import lua
from diffava_foley.timeline.write import FoleyClip, TakeFile

NTSC = Fraction(24000, 1001)


def clip(start: Fraction, duration: Fraction, name: str = "rain", takes: int = 1) -> FoleyClip:
    files = tuple(
        TakeFile(Path(f"/takes/{name}-{n}.wav"), name, n, {}, "embedded", "CC0", None)
        for n in range(takes)
    )
    return FoleyClip("V1.1", name, start, duration, files)


def sheet(*clips: FoleyClip, rate: Fraction = NTSC) -> dict:
    return cue_sheet("cut", rate, Path("/cut-foley.otio"), clips, "Foley")


def as_python(table):
    """A Lua table as Python's lists and dicts."""
    if lupa.lua_type(table) != "table":
        return table
    keys = list(table.keys())
    if keys == list(range(1, len(keys) + 1)):
        return [as_python(table[key]) for key in keys]
    return {as_python(key): as_python(table[key]) for key in keys}


def test_a_cue_says_where_its_takes_lie_in_frames_of_the_timeline():
    made = sheet(clip(48 / NTSC, 25 / NTSC, takes=2))

    assert made["rate"] == [24000, 1001]
    assert made["cues"] == [
        {
            "shot": "V1.1",
            "caption": "rain",
            "track": "Foley",
            "start": 48,
            "frames": 25,
            "head": 0,
            "tail": 0,
            "takes": ["/takes/rain-0.wav", "/takes/rain-1.wav"],
        }
    ]


def test_overlapping_clips_are_on_tracks_of_their_own():
    made = sheet(clip(Fraction(0), Fraction(2)), clip(Fraction(1), Fraction(2), "steps"))

    assert made["tracks"] == ["Foley", "Foley 2"]
    assert [cue["track"] for cue in made["cues"]] == ["Foley", "Foley 2"]


@given(st.lists(st.fractions(min_value=Fraction(1, 24), max_value=10), min_size=1, max_size=8))
def test_clips_that_touch_stay_together_in_whole_frames(lengths):
    starts = [sum(lengths[:n], Fraction(0)) for n in range(len(lengths))]

    cues = sheet(*map(clip, starts, lengths), rate=Fraction(25))["cues"]

    for one, next_ in pairwise(cues):
        assert abs(one["start"] + one["frames"] - next_["start"]) <= (one["frames"] == 1)


def test_both_forms_say_the_same(tmp_path):
    made = sheet(clip(Fraction(0), Fraction(2), 'Türen "zu"\\\n汐'))

    for ending in ("json", "lua"):
        write_cue_sheet(tmp_path / f"cues.{ending}", made)

    text = (tmp_path / "cues.lua").read_text(encoding="ascii")
    assert json.loads((tmp_path / "cues.json").read_text()) == made
    assert as_python(lupa.LuaRuntime().execute(text)) == made


@given(st.text())
def test_any_text_survives_lua_as_it_is_and_runs_nothing(text):
    assert lupa.LuaRuntime().execute(f"return {lua(text)}") == text


def test_lua_numbers_and_truth_are_its_own():
    assert lua([1, 2.5, True, None]) == "{1, 2.5, true, nil}"


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"\.json or \.lua"):
        check_cue_sheet(tmp_path / "cues.txt")


def test_what_somebody_else_wrote_is_kept_and_ours_is_not(tmp_path):
    theirs, ours = tmp_path / "package.json", tmp_path / "cues.lua"
    theirs.write_text("{}")
    write_cue_sheet(ours, sheet())

    check_cue_sheet(ours)
    with pytest.raises(OutputError, match="no cue sheet of ours"):
        check_cue_sheet(theirs)
