"""What is compared: plain AudioLDM, which only reads, and DiffAVA, which looks as well."""

from dataclasses import dataclass, replace

from diffava_foley.errors import EvaluationError
from diffava_foley.model.settings import TEXT_ONLY, Settings
from diffava_foley.store import key

BLIND, DIFFAVA = "text_only", "diffava"
OWN = "own"
"""The name of a clip's own sound among those of the systems."""

SEEDS = 2**31


@dataclass(frozen=True)
class System:
    """One way to make a sound of a caption and a picture."""

    id: str
    """Its name in files."""
    title: str
    """Its name in a table."""
    settings: Settings


def systems(settings: Settings) -> tuple[System, System]:
    """Text-only AudioLDM, and DiffAVA with the same settings."""
    if settings.conditioning == TEXT_ONLY:
        raise EvaluationError(
            "text-only is compared anyway: choose the conditioning that DiffAVA is to have"
        )
    blind = replace(settings, conditioning=TEXT_ONLY)
    return (
        System(BLIND, "AudioLDM, text only", blind),
        System(DIFFAVA, f"DiffAVA, {settings.conditioning}", settings),
    )


def seed_of(name: str, caption: str, seed: int) -> int:
    """The first seed of a clip: the same for every system, wherever the clip stands in a list."""
    return int(key([name, caption, seed])[:8], 16) % SEEDS
