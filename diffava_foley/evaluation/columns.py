"""The columns of the table: the paper's four, and those that its successors report."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A measure as the table heads it."""

    id: str
    """Its name in files."""
    title: str
    better: Literal["higher", "lower"]
    digits: int = 2
    """After the point."""


IS = Column("is", "IS", "higher")
KL = Column("kl_softmax", "KL", "lower")
FAD = Column("fad", "FAD", "lower")
FD = Column("fd", "FD", "lower")
KL_SIGMOID = Column("kl_sigmoid", "KL sigmoid", "lower")
KID = Column("kid", "KID", "lower", digits=4)
CLAP = Column("clap", "CLAP", "higher", digits=3)
AV_ALIGN = Column("av_align", "AV-Align", "higher", digits=3)

COLUMNS = (IS, KL, FAD, FD, KL_SIGMOID, KID, CLAP, AV_ALIGN)
