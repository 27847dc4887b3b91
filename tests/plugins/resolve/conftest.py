"""The installed plugin, a Resolve that stands in, and a real batch whose run is played again."""

import json
import runpy
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import projects
import pytest
from plugins.resolve.stand_in import Item, Project, Resolve, Timeline
from plugins.resolve.windows import Dispatcher, Widgets

from diffava_foley.installation.folders import Machine, installed_command
from diffava_foley.installation.plugins import Plugin, Wishes
from diffava_foley.installation.record import install
from diffava_foley.installation.resolve import plugins

SOURCES = Path(str(files("diffava_foley.plugins"))) / "resolve"

PLACES = [
    (12, 24, "a-glass-breaks"),
    (48, 30, "rain-falls"),
    (90, 18, "a-dog-barks"),
]
"""From tests/projects.py by hand: a gap of 12 frames before each, 24, 30 and 18 frames long."""
SAYS = """\
    #!{python}
    import sys, time
    {body}
"""
PLAY = """\
    #!{python}
    import json, pathlib, shutil, sys
    run = json.loads(pathlib.Path({run!r}).read_text())
    stem, recorded = sys.argv[2][: -len(".otio")], run["stem"]
    for ending in ("-foley.takes", "-foley.otio"):
        copy = shutil.copytree if ending == "-foley.takes" else shutil.copy
        shutil.rmtree(stem + ending, ignore_errors=True)
        copy(recorded + ending, stem + ending)
    sheet = pathlib.Path(recorded + "-foley.json").read_text().replace(recorded, stem)
    pathlib.Path(sys.argv[sys.argv.index("--cue-sheet") + 1]).write_text(sheet)
    for line in run["lines"]:
        print(line.replace(recorded, stem), flush=True)
    sys.exit(run["code"])
"""


def script(path: Path, text: str, **values: object) -> Path:
    """An executable Python script."""
    path.write_text(textwrap.dedent(text).format(python=sys.executable, **values))
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cut of three captioned clips at 24 frames a second."""
    return projects.make_project(tmp_path_factory.mktemp("resolve") / "project")


def record(cut: Timeline, folder: Path, weights: Path, *more: str) -> Path:
    """What the real ``batch --json`` wrote about an exported cut, to be played again."""
    exported = folder / "cut.otio"
    assert cut.Export(str(exported), Resolve.EXPORT_OTIO)
    stem = str(folder / "cut")
    arguments = [installed_command(), "batch", exported, "--json", "--track-name", "DiffAVA Foley"]
    arguments += ["--cue-sheet", f"{stem}-foley.json", "--weights", weights, *more]
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True)
    assert done.stdout, done.stderr
    run = folder / "run.json"
    lines = done.stdout.splitlines()
    run.write_text(json.dumps({"stem": stem, "lines": lines, "code": done.returncode}))
    return run


@pytest.fixture(scope="session")
def all_well(project: Path, tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which three sounds were made."""
    return record(Timeline("cut", project), tmp_path_factory.mktemp("well"), tiny_weights)


@pytest.fixture(scope="session")
def one_missing(
    project: Path, all_well: Path, tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run in which one of three shots had no media; the other sounds were there."""
    folder = tmp_path_factory.mktemp("missing")
    shutil.copytree(all_well.parent / "cut-foley.takes", folder / "cut-foley.takes")
    copy = Path(shutil.copytree(project.parent, folder / "project"))
    (copy / "1.mp4").unlink()
    return record(Timeline("cut", copy / project.name), folder, tiny_weights)


@dataclass
class Desk:
    """An editor at Resolve: a project with an open timeline, the plugin, and buttons to press."""

    root: Path
    timeline: Timeline
    project: Project
    resolve: Resolve
    commands: Path
    presses: list[str] = field(default_factory=list)
    on_step: Callable[[], None] = lambda: None
    windows: Dispatcher | None = None

    @property
    def folder(self) -> Path:
        return self.root / "DiffAVA-Foley"

    @property
    def log(self) -> str:
        return (self.folder / "resolve.log").read_text(encoding="utf-8")

    @property
    def told(self) -> str:
        """What the last window said."""
        assert self.windows is not None
        return self.windows.seen[-1]

    def install(self, command: Path) -> Plugin:
        machine = Machine("linux", self.root, {})
        (plugin,) = plugins(machine, Wishes(command))
        install(plugin, overwrite=True)
        return plugin

    def play(self, run: Path) -> None:
        """Installs a command that does again what the real one did."""
        self.install(script(self.commands / "play", PLAY, run=str(run)))

    def choose(self, entry: str = "DiffAVA Foley.py", **names: object) -> None:
        """Chooses the menu entry."""
        path = self.root / ".local/share/DaVinciResolve/Fusion/Scripts/Utility" / entry
        self.windows = Dispatcher(self.presses, self.on_step)
        fusion = SimpleNamespace(UIManager=Widgets())
        bmd = SimpleNamespace(UIDispatcher=lambda _ui: self.windows)
        runpy.run_path(
            str(path),
            {"resolve": self.resolve, "fusion": fusion, "bmd": bmd, **names},
            run_name="__main__",
        )

    def placed(self, track: str = "DiffAVA Foley") -> list[tuple[int, int, str]]:
        """Start, length and caption of what lies on a track, from the timeline's start."""
        tracks = [one for one in self.timeline.tracks if one.name == track]
        items = tracks[0].items if tracks else []
        return [(i.start - 86400, i.length, i.GetName().split(".")[0]) for i in items]

    @property
    def items(self) -> list[Item]:
        """Our sounds on the timeline."""
        return self.timeline.track("DiffAVA Foley").items

    @property
    def captions(self) -> list[str]:
        """What they are of."""
        return [caption for _, _, caption in self.placed()]


@pytest.fixture
def desk(project: Path, tmp_path: Path) -> Desk:
    """A desk with the cut open and no plugin yet."""
    timeline = Timeline("cut", project)
    open_project = Project([timeline], timeline)
    commands = tmp_path / "commands"
    commands.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    return Desk(home, timeline, open_project, Resolve(open_project), commands)


@pytest.fixture
def well(desk: Desk, all_well: Path) -> Desk:
    """A desk whose command makes three sounds."""
    desk.play(all_well)
    return desk
