"""Commands run as a user would type them, on drawn pictures and tiny weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from diffava_foley.cli.main import main

Command = Callable[..., Result]


@pytest.fixture
def foley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs ``diffava-foley`` with these arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def events(result: Result) -> list[dict[str, Any]]:
    """The lines of JSON that a command wrote."""
    return [json.loads(line) for line in result.stdout.splitlines()]
