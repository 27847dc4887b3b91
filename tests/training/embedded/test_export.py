import json
from dataclasses import replace

from training.embedded.test_sounds import ROW

from diffava_foley.training.embedded import export

DOG = replace(ROW, file="dog-1.flac", sound="dog", author="Ann")
RAIN = replace(ROW, file="rain-1.flac", sound="rain", author="Bob")


def test_every_author_of_a_sound_and_of_earlier_weights_is_named_once(tmp_path):
    earlier = tmp_path / "ATTRIBUTION.md"
    earlier.write_text(
        "# Whose\n\n- dog: Ann, CC0, esc50 (dog-1.flac)\n- frog: Cid, CC-BY, esc50 (frog-1.flac)\n",
        "utf-8",
    )

    named = export.attribution([RAIN, DOG], earlier)

    assert named.count("dog-1.flac") == named.count("rain-1.flac") == 1
    assert "- frog: Cid, CC-BY, esc50 (frog-1.flac)\n" in named


def test_what_earlier_weights_learnt_from_is_not_called_held_out(tmp_path):
    earlier = tmp_path / "ATTRIBUTION.md"
    earlier.write_text("- dog: Ann, CC0, esc50 (dog-1.flac)\n", "utf-8")
    rows = [replace(row, held_out=True) for row in (DOG, RAIN)]

    lines = export.attribution(rows, earlier).splitlines()

    assert [line.endswith(", held out") for line in lines if ".flac" in line] == [False, True]


def test_an_alignment_goes_with_the_weights_that_it_is_exported_with(tmp_path):
    config = tmp_path / "config.json"
    config.write_text('{"base": "earlier", "clap": "ours", "layers": 4}', "utf-8")

    export.adopt(config)

    said = json.loads(config.read_text("utf-8"))
    assert said == {"base": export.ID, "clap": "ours", "layers": 4}


def test_weak_sounds_are_not_claimed():
    told = export.about([DOG, RAIN], ["rain"], silence=True)

    assert told["knows"] == ["dog"]


def test_silence_is_asked_only_of_a_network_that_was_taught_it():
    taught, untaught = (export.about([DOG], [], silence=silence) for silence in (True, False))

    assert (taught["quiet"], untaught["quiet"]) == ("silence", "")
    assert {taught["presence"], untaught["presence"]} == {"gain"}
