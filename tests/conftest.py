import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no test may reach for a network
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny tensors only wait for a second thread


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny random weights in AudioLDM's format; do not write into it."""
    import tiny_weights as builder  # only where a test asks: torch takes its time

    return builder.build(tmp_path_factory.mktemp("weights") / "tiny")


@pytest.fixture(scope="session")
def tiny_embedded_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny random weights with the embedded default's geometry; do not write into it."""
    import tiny_weights as builder

    return builder.build(tmp_path_factory.mktemp("weights") / "tiny-embedded", "embedded")
