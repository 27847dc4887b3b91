"""The embedded default as it is shipped."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from diffava_foley.model import weights
from diffava_foley.pipeline import FoleyPipeline, Settings

FOLDER = weights.EMBEDDED_FOLDER
QUICK = Settings(steps=3)


@pytest.fixture(scope="module")
def pipeline():
    return FoleyPipeline.from_weights("embedded", device="cpu")


def test_it_is_under_90_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 90e6


def test_it_says_what_it_is_what_it_knows_and_whose_sounds_it_learnt():
    about = weights.resolve("embedded")
    authors = (FOLDER / "ATTRIBUTION.md").read_text("utf-8")

    assert about.licence == "CC-BY-SA-4.0"
    assert len(about.knows) >= 25
    assert all(re.search(rf"^- {sound}: ", authors, re.MULTILINE) for sound in about.knows)
    assert all(sound in (FOLDER / "README.md").read_text("utf-8") for sound in about.knows)


def test_every_tensor_is_in_half_precision():
    for path in FOLDER.rglob("*.safetensors"):
        with path.open("rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        kinds = {value["dtype"] for name, value in header.items() if name != "__metadata__"}
        assert kinds <= {"F16", "I64"}, path


def test_it_makes_a_sound_exactly_as_long_as_asked(pipeline):
    (take,) = pipeline(None, "footsteps on gravel", Fraction(1001, 600), settings=QUICK)

    assert take.sample_rate == 22_050
    assert take.samples.shape == (1, 36_787)  # 1001/600 * 22050 = 36786.75
    assert np.isfinite(take.samples).all()
    assert np.abs(take.samples).max() > 0.01


def test_what_it_sees_changes_what_it_makes(pipeline):
    random = np.random.default_rng(0)
    windows = [random.integers(0, 256, (8, 224, 224, 3), dtype=np.uint8) for _ in range(2)]

    (blind,) = pipeline(None, "a dog barks", Fraction(2), settings=QUICK)
    (seen,) = pipeline(windows, "a dog barks", Fraction(2), settings=QUICK)

    assert not np.array_equal(blind.samples, seen.samples)


def test_takes_are_ranked_by_its_own_clap(pipeline):
    takes = pipeline(None, "rain", Fraction(1), settings=QUICK, takes=2)

    scores = [take.score for take in takes]
    assert None not in scores
    assert scores == sorted(scores, reverse=True)
