"""Figures of other people's code on seeded arrays (tests/verification), and ours beside them."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from verification import arrays

from diffava_foley.evaluation.metrics import (
    av_align,
    divergence,
    frechet,
    inception,
    kernel,
    motion,
    onsets,
)

GOLDENS = json.loads(
    (Path(__file__).parents[2] / "verification" / "goldens.json").read_text(encoding="utf-8")
)
PACKAGES = {name.split()[0].rstrip(","): name for name in GOLDENS}


def golden(package, what):
    return GOLDENS[PACKAGES[package]][what]


def test_inception_score_is_torch_fidelitys():
    score = inception.inception_score(arrays.logits()[1])

    assert score.mean == pytest.approx(golden("torch-fidelity", "IS mean"), rel=1e-9)
    assert score.std == pytest.approx(golden("torch-fidelity", "IS std"), rel=1e-9)


@pytest.mark.parametrize(("size", "sets"), [("N > D", arrays.many), ("N < D", arrays.few)])
@pytest.mark.parametrize(
    ("package", "name"),
    [("torch-fidelity", "FID"), ("frechet-audio-distance", "FAD"), ("scipy", "FD")],
)
def test_frechet_distance_is_that_of_three_packages(package, name, size, sets):
    distance = frechet.frechet(*sets())

    assert distance == pytest.approx(golden(package, f"{name} {size}"), rel=1e-6)


@pytest.mark.parametrize(("size", "sets"), [("N > D", arrays.many), ("N < D", arrays.few)])
def test_kernel_distance_is_torch_fidelitys_on_the_same_subsets(size, sets):
    spread = kernel.kid(*sets(), subsets=100, subset_size=40)

    assert spread.mean == pytest.approx(golden("torch-fidelity", f"KID mean {size}"), rel=1e-9)
    assert spread.std == pytest.approx(golden("torch-fidelity", f"KID std {size}"), rel=1e-9)


@pytest.mark.parametrize(
    "kind",
    [
        ("softmax", "reference||generated", "audioldm_eval"),
        ("softmax", "generated||reference", "audioldm_eval"),
        ("sigmoid", "reference||generated", "audioldm_eval"),
        ("softmax", "reference||generated", "av-benchmark"),
        ("softmax", "generated||reference", "av-benchmark"),
    ],
    ids=lambda kind: divergence.name(*kind),
)
def test_divergence_is_that_of_torch(kind):
    expected = golden("torch", divergence.name(*kind))

    assert divergence.kl(*arrays.logits(), *kind) == pytest.approx(expected, rel=1e-9)


def test_onsets_are_librosas():
    strength = onsets.onset_strength(arrays.sound())
    found = onsets.onset_seconds(arrays.sound(), arrays.SAMPLE_RATE)

    assert strength.sum() == pytest.approx(golden("librosa", "onset strength, sum"), rel=1e-5)
    assert strength.max() == pytest.approx(golden("librosa", "onset strength, largest"), rel=1e-5)
    assert found == pytest.approx(golden("librosa", "onsets"))


def test_motion_is_that_of_opencv_in_plain_loops():
    pytest.importorskip("cv2")
    lengths = motion.motion(arrays.frames())
    peaks = motion.motion_seconds(arrays.frames(), Fraction(arrays.FRAME_RATE))

    # Other versions and processors round the flow otherwise; the peaks stay.
    assert lengths.sum() == pytest.approx(golden("opencv-python-headless", "motion, sum"), rel=1e-3)
    assert peaks == pytest.approx(golden("opencv-python-headless", "motion peaks"))


def test_av_align_is_tempotokens_count():
    found = av_align.av_align(
        golden("librosa", "onsets"),
        golden("opencv-python-headless", "motion peaks"),
        tolerance=1 / arrays.FRAME_RATE,
    )

    assert found == pytest.approx(golden("TempoTokens", "AV-Align"), rel=1e-12)


def test_the_goldens_name_the_versions_that_made_them():
    packages = [name for name in GOLDENS if not name.startswith("TempoTokens")]

    assert len(packages) == 6
    assert all(name.split()[1][0].isdigit() for name in packages)
    assert np.isfinite(golden("torch-fidelity", "FID N < D"))
