"""Who judges: of classes, of patches, CLAP, and the eye for motion; and who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from diffava_foley.errors import FoleyError
from diffava_foley.model.claps import Clap, open_clap

from .judges import Judge, open_judge
from .judges.vggish import Vggish

DEFAULT_JUDGE = "yamnet"


@dataclass(frozen=True)
class Jury:
    """Those who listen."""

    tables: tuple[Judge, ...] = ()
    """Each has a table of its own: IS and KL by its classes, FD and KID by its embeddings."""
    patches: Judge | None = None
    """The one of FAD, with many embeddings a clip."""
    clap: Clap | None = None
    sees_motion: bool = False
    absent: tuple[str, ...] = ()
    """Which columns are empty because somebody is missing, one line each."""

    @property
    def judges(self) -> tuple[Judge, ...]:
        """All that give verdicts."""
        return (*self.tables, *((self.patches,) if self.patches else ()))


def summon(
    specs: Sequence[str], clap: str | None, weights: str, *, offline: bool, device: str
) -> Jury:
    """The jury that the specs name; without any, YAMNet and the CLAP of the weights.

    One that was asked for and cannot come ends it all; one that was not is only told.
    """
    absent = []
    judges = [open_judge(spec, offline=offline, device=device) for spec in specs]
    if not specs:
        try:
            judges = [open_judge(DEFAULT_JUDGE, offline=offline, device=device)]
        except FoleyError as error:
            absent.append(f"IS, KL, FD and KID are empty, no --judge was given: {error}")
    patches = next((judge for judge in judges if isinstance(judge, Vggish)), None)
    if patches is None:
        absent.append("FAD is empty: it needs VGGish's weights, --judge vggish:PATH")
    ear = None
    try:
        ear = open_clap(clap or weights, offline=offline, device=device)
    except FoleyError as error:
        if clap is not None:
            raise
        absent.append(f"CLAP is empty, no --clap was given: {error}")
    sees_motion = find_spec("cv2") is not None
    if not sees_motion:
        absent.append("AV-Align is empty: it needs pip install 'diffava-foley[evaluation]'")
    tables = tuple(judge for judge in judges if judge is not patches)
    return Jury(tables, patches, ear, sees_motion, tuple(absent))
