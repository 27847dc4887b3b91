"""The add-on as Blender has it, and, where Blender is, a scene with a sequencer."""

import importlib.machinery
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "plugins" / "blender"
SYNTHETIC = Path(__file__).with_name("synthetic.py")
ADDON = "bl_ext.user_default.diffava_foley"
NO_BLENDER = "needs Blender as a module (bpy); see tests/plugins/blender/run"


def _as_a_package(name: str, folder: Path) -> None:
    """Lets the add-on's modules be imported one by one; its ``__init__`` needs Blender."""
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    module.__spec__ = spec
    sys.modules[name] = module


_as_a_package("blender_addon", SOURCE)


@pytest.fixture(scope="session")
def bpy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Blender with the add-on installed in its folder for extensions and switched on."""
    os.environ.setdefault("BLENDER_USER_RESOURCES", str(tmp_path_factory.mktemp("blender")))
    module = pytest.importorskip("bpy", reason=NO_BLENDER)
    import addon_utils

    repository = module.utils.user_resource("EXTENSIONS", path="user_default", create=True)
    folder = Path(repository) / "diffava_foley"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert addon_utils.enable(ADDON, default_set=True) is not None
    return module


@pytest.fixture
def part(bpy: Any) -> Callable[[str], ModuleType]:
    """A module of the add-on that runs in Blender."""
    return lambda name: sys.modules[f"{ADDON}.{name}"]


@pytest.fixture
def scene(bpy: Any, tmp_path: Path) -> Any:
    """An empty scene of a saved file at 24 frames a second, with a sequencer."""
    bpy.ops.wm.read_factory_settings()
    import addon_utils

    addon_utils.enable(ADDON, default_set=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "edit.blend"))
    scene = bpy.context.scene
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = scene
    scene.sequence_editor_create()
    scene.render.fps, scene.render.fps_base = 24, 1.0
    return scene


@pytest.fixture
def strips(scene: Any) -> Any:
    """The strips of the scene."""
    editor = scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


@pytest.fixture(scope="session")
def hearing(bpy: Any) -> None:
    """Skips where Blender has no sound strips: the module of 4.2 was built without sound."""
    try:
        import aud

        aud.Sound.sine(440)
    except (ImportError, AttributeError):
        pytest.skip("this Blender was built without sound")


@pytest.fixture
def command(bpy: Any, hearing: None, tmp_path: Path) -> Path:
    """A command that makes noise, set in the add-on's preferences."""
    path = tmp_path / "bin" / "synthetic foley"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SYNTHETIC}" "$@"\n')
    path.chmod(0o755)
    bpy.context.preferences.addons[ADDON].preferences.command = str(path)
    return path
