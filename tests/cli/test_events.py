"""The lines of JSON are what docs/events.md says they are."""

from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from diffava_foley import events
from diffava_foley.cli.events import event_name, record

DOCUMENT = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
RECORDS = [kind for kind in vars(events).values() if isinstance(kind, type) and is_dataclass(kind)]


@pytest.mark.parametrize("kind", get_args(events.Event), ids=event_name)
def test_every_event_is_documented(kind: type) -> None:
    assert f"### `{event_name(kind)}`" in DOCUMENT


@pytest.mark.parametrize("kind", RECORDS, ids=event_name)
def test_every_field_is_documented(kind: type) -> None:
    undocumented = [field.name for field in fields(kind) if f"`{field.name}`" not in DOCUMENT]

    assert undocumented == []


def test_an_event_in_json_has_plain_numbers_and_text() -> None:
    take = events.DoneTake(Path("a/b.wav"), 7, None, reused=True)
    shot = events.PlannedShot(
        "1", "rain", "A001", "V1", "note", Fraction(1001, 24), Fraction(2), None, None
    )

    done = record(events.ShotDone("1", "A001", "rain", (take,), ("quiet",)))
    planned = record(events.Planned(Path("a.otio"), Path("b.otio"), 1, (shot,), ()))

    assert done["takes"] == [{"path": "a/b.wav", "seed": 7, "score": None, "reused": True}]
    assert done["warnings"] == ["quiet"]
    assert planned["shots"][0]["start"] == 41.708333  # type: ignore[index, call-overload]
