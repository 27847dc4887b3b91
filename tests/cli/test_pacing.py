import pytest

from diffava_foley.cli import pacing


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (4, "4 s"),
        (40, "1 min"),
        (90, "2 min"),
        (3_599, "60 min"),
        (3_900, "1 h 05 min"),
        (90_000, "25 h 00 min"),
    ],
)
def test_time_left_is_told_as_people_read_it(seconds: float, words: str) -> None:
    assert pacing.clock(seconds) == words


def test_where_nobody_watches_a_line_tells_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: clock[0])

    with pacing.pacing("Clips") as pace:
        for done, clock[0] in enumerate((0.0, 10.0, 40.0, 50.0)):
            pace(done, 13, f"{done} broken")

    assert capsys.readouterr().err == "Clips 2/13, 2 broken, 4 min left\n"
