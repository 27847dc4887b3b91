from pathlib import Path

import pytest

from diffava_foley.model.models import Models, load
from diffava_foley.model.weights import read_folder


@pytest.fixture(scope="session")
def tiny(tiny_weights: Path) -> Models:
    """Tiny models like AudioLDM's, in float32 on the CPU."""
    return load(read_folder(tiny_weights), device="cpu", precision="float32")


@pytest.fixture(scope="session")
def tiny_embedded(tiny_embedded_weights: Path) -> Models:
    """Tiny models like the embedded default's, in float32 on the CPU."""
    return load(read_folder(tiny_embedded_weights), device="cpu", precision="float32")


@pytest.fixture(scope="session", params=["audioldm", "embedded"])
def either(request: pytest.FixtureRequest, tiny: Models, tiny_embedded: Models) -> Models:
    """Models of both geometries, one after the other."""
    return {"audioldm": tiny, "embedded": tiny_embedded}[request.param]
