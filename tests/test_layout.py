"""The house keeps its order: imports point down, every room is packed, ``--help`` is quick."""

import ast
import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "diffava_foley"

FLOORS = (
    "errors",
    "store",
    "media",
    "timeline",
    "model",
    "pipeline",
    "training",
    "naming",
    "rendering",
    "events",
    "outputs",
    "studio",
    "delivery",
    "takes",
    "orders",
    "stems",
    "evaluation",
    "review",
    "clip",
    "batch",
    "installation",
    "cli",
)
"""From the ground up; a room may import what stands before it."""

ONLY_IN = {
    "av": {"media"},
    "opentimelineio": {"timeline"},
    "click": {"cli"},
    "rich": {"cli"},
    "torch": {"model", "pipeline", "training", "evaluation"},
    "diffusers": {"model", "pipeline", "training", "evaluation"},
    "transformers": {"model", "pipeline", "training", "evaluation"},
}
HEAVY = {"torch", "diffusers", "transformers", "av", "opentimelineio", "numpy", "rich"}

SOURCES = sorted([*CORE.rglob("*.py"), *(ROOT / "cli").rglob("*.py")])


def floor_of(path: Path) -> str | None:
    """The room a file is in; None for the package's own __init__ and __main__."""
    if path.is_relative_to(ROOT / "cli"):
        return "cli"
    name = path.relative_to(CORE).parts[0].removesuffix(".py")
    return None if name.startswith("__") else name


def imported(path: Path) -> Iterator[str]:
    """The absolute name of everything a file imports, wherever in it, for types or for use."""
    if path.is_relative_to(CORE):
        parts = ("diffava_foley", *path.relative_to(CORE).parts)
    else:
        parts = ("diffava_foley", "cli", *path.relative_to(ROOT / "cli").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            module = ".".join(name for name in (start, node.module) if name)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> Iterator[str]:
    """The rooms of ours that a file imports from."""
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "diffava_foley" and len(parts) > 1 and parts[1] in FLOORS:
            yield parts[1]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    here = floor_of(path)
    if here is None:
        return

    above = [room for room in rooms_imported(path) if FLOORS.index(room) > FLOORS.index(here)]

    assert not above, f"{path.relative_to(ROOT)} looks up at {above}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_stays_in_its_rooms(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imported(path)}

    strays = {name for name in libraries & set(ONLY_IN) if floor_of(path) not in ONLY_IN[name]}

    assert not strays


def test_every_room_stands_in_the_list_of_floors() -> None:
    data = {"weights"}
    rooms = {floor_of(path) for path in SOURCES} - {None}

    assert rooms - data <= set(FLOORS)


def test_every_package_is_listed_in_the_build() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(settings["tool"]["setuptools"]["packages"])

    folders = {
        ".".join(("diffava_foley", *init.parent.relative_to(CORE).parts))
        for init in CORE.rglob("__init__.py")
    }
    mapped = {"diffava_foley.cli", "diffava_foley.plugins"}

    assert listed == folders | mapped


def test_nothing_of_ours_lands_at_the_top_of_site_packages() -> None:
    names = distribution("diffava-foley").read_text("top_level.txt")

    assert names is not None
    assert names.split() == ["diffava_foley"]


@pytest.mark.parametrize("command", ["", "one", "batch", "evaluate", "plugin", "weights", "doctor"])
def test_help_takes_less_than_half_a_second_and_loads_nothing_heavy(command: str) -> None:
    script = (
        "import sys\n"
        "from diffava_foley.cli.main import main\n"
        f"main({[command, '--help'] if command else ['--help']!r}, standalone_mode=False)\n"
        f"print('loaded:', *sorted({HEAVY!r} & set(sys.modules)))\n"
    )

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert done.stdout.startswith("Usage:"), done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_the_package_can_be_run_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "diffava_foley", "--version"], capture_output=True, text=True
    )

    assert distribution("diffava-foley").version in done.stdout
