"""A clip drawer for the tests of this room."""

from collections.abc import Callable
from pathlib import Path

import pytest
from media.drawing import Clip, draw

Drawer = Callable[..., Path]


@pytest.fixture
def movie(tmp_path: Path) -> Drawer:
    """Draws a clip: ``movie("name.mp4", rate=Fraction(25))``."""
    return lambda name, **clip: draw(tmp_path / name, Clip(**clip))
