"""What is installed is a whole extension, by Blender's own measure."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "plugins" / "blender"

MANIFEST = tomllib.loads((SOURCE / "blender_manifest.toml").read_text(encoding="utf-8"))


def test_the_manifest_says_what_the_add_on_is_and_may_do() -> None:
    assert MANIFEST["schema_version"] == "1.0.0"
    assert MANIFEST["id"] == "diffava_foley"
    assert MANIFEST["license"] == ["SPDX:Apache-2.0"]
    assert set(MANIFEST["permissions"]) == {"files", "network"}


def test_its_version_is_the_packages() -> None:
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))

    assert MANIFEST["version"] == project["project"]["version"]


def test_it_imports_nothing_but_blender_and_the_standard_library() -> None:
    import ast

    names = {
        name.split(".")[0]
        for path in SOURCE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }

    assert names - set(sys.stdlib_module_names) == {"bpy"}


def test_blender_itself_builds_and_validates_it(bpy: Any, tmp_path: Path) -> None:
    tools = [Path(folder) / "addons_core/bl_pkg/cli/blender_ext.py" for folder in script_paths(bpy)]
    tool = next((path for path in tools if path.is_file()), None)
    if tool is None:
        pytest.skip("this Blender comes without its tool for extensions")

    def run(*arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, str(tool), *arguments], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("validate", str(SOURCE))
    run("build", "--source-dir", str(SOURCE), "--output-dir", str(tmp_path))
    (archive,) = tmp_path.glob("*.zip")
    run("validate", str(archive))
    names = zipfile.ZipFile(archive).namelist()
    assert {path.name for path in SOURCE.glob("*.py")} <= {Path(name).name for name in names}


def script_paths(bpy: Any) -> list[str]:
    """Where Blender keeps its scripts."""
    return list(bpy.utils.script_paths())


def test_it_can_be_switched_off_and_on(bpy: Any, scene: Any) -> None:
    import addon_utils

    addon_utils.disable("bl_ext.user_default.diffava_foley")
    assert not hasattr(bpy.types.Scene, "diffava_foley")

    addon_utils.enable("bl_ext.user_default.diffava_foley")
    assert hasattr(bpy.types.Scene, "diffava_foley")
    assert bpy.ops.sequencer.diffava_foley.poll()
