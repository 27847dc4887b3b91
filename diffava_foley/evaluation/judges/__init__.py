"""Judges: networks that say what a sound is. They listen only; nothing is trained on them."""

from .choice import open_judge
from .verdict import Judge, Verdict

__all__ = ["Judge", "Verdict", "open_judge"]
