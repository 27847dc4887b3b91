"""The sounds the embedded default is taught, from ``sounds.toml``, which explains its fields."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sound:
    """One sound: its name, its pattern in the table, its captions, its names at the judge."""

    name: str
    pattern: str
    judge: tuple[str, ...]
    captions: tuple[str, ...]
    unseen: tuple[str, ...]

    def matches(self, kind: str, label: str) -> bool:
        """Whether a row of the table with this class and label is this sound."""
        return re.search(self.pattern, f"{kind}: {label}") is not None


def of(kind: str, label: str) -> Sound | None:
    """The sound of a row of the table, or None when the embedded default does not learn it."""
    return next((sound for sound in SOUNDS if sound.matches(kind, label)), None)


def _read(path: Path) -> tuple[Sound, ...]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["sound"]
    return tuple(
        Sound(
            name=row["name"],
            pattern=row["pattern"],
            judge=tuple(row["judge"]),
            captions=tuple(row["captions"]),
            unseen=tuple(row["unseen"]),
        )
        for row in rows
    )


SOUNDS = _read(Path(__file__).with_name("sounds.toml"))
