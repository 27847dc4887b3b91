from dataclasses import replace

import pytest

from diffava_foley.training.embedded import sounds

ROW = sounds.Recording(
    file="a.flac",
    sound="rain",
    licence="CC0",
    author="somebody",
    source="mod_sounds",
    recording="mod_sounds/rain",
    held_out=False,
    frames=100,
)


@pytest.mark.parametrize(
    ("source", "name", "recording"),
    [
        ("esc50_fold4", "4-181955-B-3.wav", "freesound/181955"),
        ("esc50_crybaby", "5-198411-G-20.wav", "freesound/198411"),
        ("0ad", "lumber_tree_03.ogg", "0ad/lumber_tree"),
        ("cdda_cc_sounds", "gear_shift3.ogg", "cdda_cc_sounds/gear_shift"),
        ("scratch14", "Rooster.wav", "scratch14/rooster"),
    ],
)
def test_takes_of_one_recording_have_one_name(source, name, recording):
    assert sounds.recording_of(source, name) == recording


def test_no_recording_is_on_both_sides_of_the_split_and_every_sound_is_on_each():
    rows = [
        replace(ROW, file=f"{sound}{i}.flac", sound=sound, recording=f"{sound}/{i // 3}")
        for sound in ("rain", "wind")
        for i in range(60)
    ]

    parts = sounds.split(rows)

    held = {row.recording for row in parts if row.held_out}
    trained = {row.recording for row in parts if not row.held_out}
    assert not held & trained
    assert (
        {name.split("/")[0] for name in held}
        == {"rain", "wind"}
        == {name.split("/")[0] for name in trained}
    )
    assert [row.file for row in parts] == [row.file for row in rows]


def test_split_does_not_depend_on_the_order_of_the_rows():
    rows = [replace(ROW, file=f"{i}.flac", recording=f"rain/{i}") for i in range(30)]

    forward = {row.file: row.held_out for row in sounds.split(rows)}
    backward = {row.file: row.held_out for row in sounds.split(rows[::-1])}

    assert forward == backward
