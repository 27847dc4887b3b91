"""What training leaves in its folder makes sounds, whichever part was left out."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diffava_foley.model import variants
from diffava_foley.pipeline import FoleyPipeline, Settings
from diffava_foley.training.align import align
from diffava_foley.training.features import Folder, Made
from diffava_foley.training.recipe import Recipe

from .synthetic import write

TINY = Made("tiny", "tiny", "eye", "ear", video_width=16, text_width=8)
RECIPE = Recipe(width=8, layers=1, heads=2, epochs=1, batch=8, held_out_share=0.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Features as the tiny weights' encoders would make them."""
    return write(tmp_path_factory.mktemp("features"), 40, seconds=(2,), made=TINY)


def picture(seed: int) -> list[NDArray[np.uint8]]:
    """Two seconds of noise."""
    random = np.random.default_rng(seed)
    return [random.integers(0, 256, (8, 32, 32, 3), dtype=np.uint8) for _ in range(2)]


@pytest.mark.parametrize(
    ("shown", "fusion"),
    [
        *((shown, variants.RESIDUAL) for shown in variants.PICTURES),
        (variants.TRANSFORMER, variants.AVERAGE),
    ],
)
def test_what_was_trained_makes_sounds_by_what_it_looks_at(
    tmp_path: Path, folder: Folder, tiny_weights: Path, shown: str, fusion: str
) -> None:
    align(folder, tmp_path, replace(RECIPE, picture=shown, fusion=fusion), device="cpu")
    pipeline = FoleyPipeline.from_weights(
        str(tiny_weights), alignment=tmp_path / "alignment", device="cpu", precision="float32"
    )

    one, other, blind = (
        pipeline(windows, "a dog barks", Fraction(2), settings=Settings(steps=2))[0].samples
        for windows in (picture(1), picture(2), None)
    )

    assert np.isfinite(one).all()
    assert not np.array_equal(one, blind)
    assert np.array_equal(one, other) == (shown == variants.UNSEEN)
