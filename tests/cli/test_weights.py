"""``weights`` says whose the weights are and what they may be used for."""

from pathlib import Path

import pytest

from .conftest import Command


def test_show_tells_the_licence_and_what_they_know(foley: Command, tiny_weights: Path) -> None:
    shown = foley("weights", "show", tiny_weights).stdout

    for words in (
        "Tiny random weights",
        "Licence: CC0-1.0",
        "2 ddim steps, guidance 2",
        "Knows: noise",
        "nobody",
    ):
        assert words in shown


def test_list_tells_which_weights_are_here(foley: Command) -> None:
    lines = foley("weights", "list").stdout.splitlines()

    assert lines[0].startswith("embedded")
    assert any("cvssp/audioldm" in line and "not on this machine" in line for line in lines)


@pytest.mark.parametrize("spec", ["nobody/nothing", "nonsense"])
def test_unknown_weights_are_one_line(foley: Command, spec: str) -> None:
    result = foley("weights", "show", spec)

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert spec in result.stderr
