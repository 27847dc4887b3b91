"""The rows of the paper's table 1 (arXiv 2305.12903): its own figures, not measured here."""

from collections.abc import Mapping
from dataclasses import dataclass

from .columns import FAD, FD, IS, KL

CLIPS = 886
NOTE = "published: the paper's own figures, not ours; other judge, other settings"


@dataclass(frozen=True)
class PublishedRow:
    """What the paper prints of one system."""

    title: str
    figures: Mapping[str, float]
    """By column; a column that is not there is empty in the paper too."""


ROWS = (
    PublishedRow("DiffSound", {IS.id: 4.01, KL.id: 2.52, FAD.id: 7.75, FD.id: 47.68}),
    PublishedRow("AudioGen", {KL.id: 2.09, FAD.id: 3.13}),
    PublishedRow("AudioLDM", {IS.id: 6.90, KL.id: 1.97, FAD.id: 2.43, FD.id: 29.48}),
    PublishedRow("DiffAVA", {IS.id: 7.37, KL.id: 1.69, FAD.id: 4.23, FD.id: 32.21}),
)
