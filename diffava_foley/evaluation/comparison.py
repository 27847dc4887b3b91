"""A test list becomes the paper's table 1: the clips are found, sounds made, judged, counted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path

from diffava_foley.events import Listener, ignore
from diffava_foley.rendering import RenderOptions
from diffava_foley.store import JSON, Store
from diffava_foley.studio import Studio

from .excerpts import Failed
from .hearing import Progress, hear
from .jury import Jury
from .making import SAMPLE_RATE, Tried, Workshop, delivered, make
from .systems import System, systems
from .table import Table, cautions, tables
from .testlist import read_list

PAPER_SECONDS = Fraction(10)
NO_ALIGNMENT = "DiffAVA is left out: these weights have no visual alignment, give --alignment"
NOT_COMPARABLE = (
    "Figures of different judges, or of the same judge on other clips, are not comparable; the"
    " published ones are of other judges' weights, other clips, and settings that are not all known"
)


@dataclass(frozen=True)
class Trial:
    """What is tried."""

    listed: Path
    """the test list"""
    media: Path | None = None
    """where its clips lie; None is beside it"""
    seconds: Fraction = PAPER_SECONDS
    """of each clip at most"""
    limit: int | None = None
    """clips at most"""
    rendering: RenderOptions = field(default_factory=RenderOptions)


@dataclass(frozen=True)
class Sounds:
    """What was made of a test list."""

    compared: tuple[System, ...]
    tried: tuple[Tried, ...]
    failed: tuple[Failed, ...]
    made_with: Mapping[str, JSON]
    """Weights, licence and settings."""


@dataclass(frozen=True)
class Comparison:
    """The tables, one a judge, and all that a reader has to know of them."""

    sounds: Sounds
    tables: tuple[Table, ...]
    """None where no clip could be tried."""
    notes: tuple[str, ...]
    """What is missing, and what limits the figures, one line each."""


def make_sounds(trial: Trial, folder: Path, listen: Listener = ignore) -> Sounds:
    """The sounds of a test list, made in ``folder`` or found there.

    A clip that cannot be tried is told in the result and does not stop the others.
    """
    options = trial.rendering
    parts = read_list(
        trial.listed, trial.media, trial.seconds, seed=options.seed, limit=trial.limit
    )
    studio = Studio(delivered(options), listen)
    compared = able(systems(options.settings), studio)
    outcomes = make(parts, trial.listed, Workshop(compared, studio, Store(folder), listen))
    tried = tuple(outcome for outcome in outcomes if isinstance(outcome, Tried))
    failed = tuple(outcome for outcome in outcomes if isinstance(outcome, Failed))
    return Sounds(compared, tried, failed, _made_with(studio))


def judge(sounds: Sounds, jury: Jury, progress: Progress | None = None) -> Comparison:
    """What the jury says of the sounds."""
    notes = [*([] if len(sounds.compared) > 1 else [NO_ALIGNMENT]), *jury.absent]
    found: tuple[Table, ...] = ()
    if sounds.tried:
        hearing = hear(sounds.tried, jury, progress)
        found = tables(hearing, sounds.compared, jury)
        notes += [*cautions(hearing, found), NOT_COMPARABLE]
    return Comparison(sounds, found, (*notes, *_warnings(sounds.tried)))


def able(both: Sequence[System], studio: Studio) -> tuple[System, ...]:
    """The systems that these weights can be: only what has an alignment looks."""
    own = studio.weights.folder / "alignment"
    looks = studio.options.alignment is not None or own.is_dir()
    return tuple(both) if looks else tuple(both[:1])


def _warnings(tried: Sequence[Tried]) -> tuple[str, ...]:
    told = {warning: None for one in tried for warning in one.warnings}
    return tuple(told)


def _made_with(studio: Studio) -> Mapping[str, JSON]:
    options, weights = studio.options, studio.weights
    return {
        "weights": weights.id,
        "revision": weights.revision,
        "licence": weights.licence,
        "alignment": str(options.alignment) if options.alignment else None,
        "settings": asdict(options.settings.resolve(weights)),
        "takes": options.takes,
        "seed": options.seed,
        "sample_rate": SAMPLE_RATE,
    }
