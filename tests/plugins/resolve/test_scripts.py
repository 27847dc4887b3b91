"""The scripts themselves: old Pythons can read them, and they lean on nothing of ours."""

import ast
import sys
from pathlib import Path

import pytest
from plugins.resolve.conftest import SOURCES

SCRIPTS = sorted(SOURCES.rglob("*.py"))
OLDEST = (3, 6)
LATER = {  # names of the standard library that came after 3.6, and what would bring them in
    "dataclasses",
    "capture_output",
    "removeprefix",
    "removesuffix",
    "nullcontext",
    "missing_ok",
    "tomllib",
    "zoneinfo",
    "graphlib",
    "cached_property",
    "fromisoformat",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_syntax_is_that_of_the_oldest_python_that_resolve_takes(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    ast.parse(source, feature_version=OLDEST)
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, NEWER)]


NEWER = (ast.NamedExpr, ast.Match, ast.JoinedStr)
"""The walrus, match, and f-strings, whose later forms ``feature_version`` lets pass."""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_nothing_is_used_that_the_oldest_python_lacks(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    words = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    words |= {n.arg for n in nodes if isinstance(n, ast.keyword) and n.arg}
    words |= {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    words |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}

    assert not words & LATER


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_only_the_standard_library_and_its_own_package_are_imported(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {
        alias.name.split(".")[0] for n in nodes if isinstance(n, ast.Import) for alias in n.names
    }
    names |= {
        n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and not n.level
    }

    assert names <= sys.stdlib_module_names | {"foley_in_resolve"}
