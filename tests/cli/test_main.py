"""Every command has help, and stands in the documentation."""

import logging
from pathlib import Path

import pytest
from click.testing import CliRunner

from diffava_foley.cli.main import COMMANDS, main

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert f"diffava-foley {command}" in README.read_text(encoding="utf-8")


def test_an_unknown_command_is_bad_usage() -> None:
    result = CliRunner().invoke(main, ["bake"])

    assert result.exit_code == 2
    assert "No such command 'bake'" in result.stderr


def test_a_command_leaves_the_logging_as_it_was() -> None:
    before = list(logging.getLogger("diffava_foley").handlers)

    CliRunner().invoke(main, ["weights", "list"])

    assert logging.getLogger("diffava_foley").handlers == before
