"""What the panel and the status bar say, from the events of the real command."""

from fractions import Fraction
from pathlib import Path

from blender_addon.progress import Progress

from diffava_foley.cli.events import event_name, record
from diffava_foley.events import (
    DoneTake,
    Event,
    Finished,
    Planned,
    PlannedShot,
    ShotDone,
    ShotFailed,
    ShotStarted,
    StepDone,
)

SECOND = Fraction(1)


def told(*events: Event) -> Progress:
    """What is known after these events, told as the command tells them."""
    progress = Progress()
    for event in events:
        progress.hear({"event": event_name(type(event)), **record(event)})
    return progress


def planned(*captions: str) -> Planned:
    shots = tuple(
        PlannedShot(f"V1.{n}", caption, caption, "V1", "", SECOND, SECOND, 0, None)
        for n, caption in enumerate(captions, 1)
    )
    return Planned(Path("a"), Path("b"), 1, shots, ())


def test_steps_and_shots_add_up_to_the_whole() -> None:
    started = ShotStarted("V1.1", "rain", "rain", SECOND, SECOND, 1)
    done = ShotDone("V1.1", "rain", "rain", (DoneTake(Path("r.wav"), 0, None, False),), ("hm",))

    assert told(planned("rain", "dog"), started).fraction == 0
    halfway = told(planned("rain", "dog"), started, StepDone("V1.1", 3, 6))
    assert halfway.fraction == 0.25
    assert halfway.text == "1 of 2: “rain”, step 3 of 6"
    one = told(planned("rain", "dog"), started, StepDone("V1.1", 6, 6), done)
    assert one.fraction == 0.5
    assert one.warnings == ["rain: hm"]
    failed = ShotFailed("V1.2", "dog", "dog", "missing media")
    all_of_it = told(planned("rain", "dog"), done, failed, Finished(None, 1, 0, (failed,), ()))
    assert (all_of_it.fraction, all_of_it.finished) == (1, True)
    assert all_of_it.problems == ["dog “dog”: missing media"]
    assert all_of_it.takes["V1.1"][0]["path"] == "r.wav"


def test_an_error_is_kept_and_unknown_kinds_are_passed_over() -> None:
    progress = Progress()

    progress.hear({"event": "a_kind_of_next_year", "n": 1})
    progress.hear({"event": "error", "message": "no weights"})

    assert (progress.error, progress.finished) == ("no weights", False)
