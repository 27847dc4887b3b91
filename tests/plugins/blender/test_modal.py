"""With a window the run leaves Blender to its user; here its events are dealt by hand.

Blender as a module has no event loop, so the operator's own functions are called as Blender would.
"""

import time
from collections.abc import Callable
from pathlib import Path
from types import MethodType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from media.drawing import Clip, draw

TICK = SimpleNamespace(type="TIMER", value="NOTHING")
MOUSE = SimpleNamespace(type="MOUSEMOVE", value="NOTHING")
ESCAPE = SimpleNamespace(type="ESC", value="PRESS")


@pytest.fixture
def operator(
    bpy: Any,
    scene: Any,
    strips: Any,
    command: Path,
    part: Callable[[str], ModuleType],
    tmp_path: Path,
) -> Any:
    """The operator after it was started on a captioned strip, with what it reported."""
    strips.new_movie("rain falls", str(draw(tmp_path / "a.mp4", Clip())), 1, 1)
    make = part("operators").MakeFoley
    reports: list[tuple[set[str], str]] = []
    new = SimpleNamespace(
        only_selected=False,
        _run=None,
        _timer=None,
        reports=reports,
        report=lambda kind, text: reports.append((kind, text)),
    )
    for name in ("_start", "_finish", "_show", "_leave", "modal", "cancel"):
        setattr(new, name, MethodType(getattr(make, name), new))
    assert new._start(bpy.context)
    return new


def until_it_ends(operator: Any, context: Any) -> set[str]:
    """What the operator answers when it no longer lets events pass."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer: set[str] = operator.modal(context, TICK)
        if answer != {"PASS_THROUGH"}:
            return answer
        time.sleep(0.01)
    raise TimeoutError


def test_blender_is_left_to_its_user_until_the_sounds_are_placed(
    bpy: Any, scene: Any, operator: Any, part: Any
) -> None:
    began = time.monotonic()
    assert operator.modal(bpy.context, MOUSE) == {"PASS_THROUGH"}
    assert operator.modal(bpy.context, TICK) == {"PASS_THROUGH"}
    assert time.monotonic() - began < 0.5

    assert until_it_ends(operator, bpy.context) == {"FINISHED"}

    assert len(part("placing").sounds_of_ours(scene)) == 1
    assert operator.reports == [({"INFO"}, "Foley for 1 of 1 captions.")]


def test_escape_stops_it_and_places_nothing(bpy: Any, scene: Any, operator: Any, part: Any) -> None:
    assert operator.modal(bpy.context, ESCAPE) == {"RUNNING_MODAL"}
    assert until_it_ends(operator, bpy.context) == {"CANCELLED"}

    assert part("placing").sounds_of_ours(scene) == []
    assert operator.reports[0][1].startswith("Stopped.")
    assert part("run").desk.at_work is None


def test_opening_another_file_ends_it(bpy: Any, operator: Any, part: Any) -> None:
    at_work = operator._run

    operator.cancel(bpy.context)
    at_work.job.wait()

    assert part("run").desk.at_work is None
    assert at_work.stopped


def test_the_operator_undoes_in_one_step(operator: Any, part: Any) -> None:
    assert "UNDO" in part("operators").MakeFoley.bl_options
