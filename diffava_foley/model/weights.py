"""Which weights: the embedded ones, a folder, or a repository on the hub.

A weights folder is in diffusers' format, one folder a part, with a ``foley.json`` of ours that
may say whose they are and how they like to be used. This file loads no tensors and no torch;
:mod:`diffava_foley.model.models` does.
"""

import hashlib
import json
import math
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from diffava_foley.errors import WeightsError

from . import hub, licences
from .hub import ABOUT, CARD, PICKLES, Progress

EMBEDDED = "embedded"
EMBEDDED_FOLDER = Path(__file__).parents[1] / "weights" / "embedded"

PARTS = ("unet", "vae", "vocoder", "text_encoder")
OTHERS = ("tokenizer", "scheduler")
OPTIONAL = ("audio_encoder", "feature_extractor", "video_encoder", "alignment")

SAMPLES, SAMPLE_BYTES = 16, 65_536  # of each file, for the fingerprint


@dataclass(frozen=True)
class Weights:
    """Weights that lie in a folder on this machine, and what is known of them."""

    id: str
    """The name they go by: a hub id, "embedded", or what ``foley.json`` says."""
    revision: str
    """The hub's commit, or a fingerprint of the folder's content."""
    folder: Path
    """Where they lie."""
    licence: str = licences.UNKNOWN
    """SPDX name of the weights' licence (not of this program's)."""
    title: str = ""
    """Their name in the reader's words."""
    attribution: str = ""
    """Whom to name when the sounds are used."""
    knows: tuple[str, ...] = ()
    """Names of sounds they make well; empty where nobody has said."""
    clap: str = ""
    """Id of the CLAP whose space conditions them; their own id where not said."""
    steps: int = 50
    """Denoising steps by default."""
    guidance: float = 2.5
    """Guidance by default: AudioLDM's."""
    guided: float = 1.0
    """The share of the steps in which it pulls by default."""
    negative: str = ""
    """What to lead away from by default."""
    sampler: str = "ddim"
    """How the steps are taken by default: one of ``settings.SAMPLERS``."""
    rescale: float = 0.0
    """How far by default the guidance's exaggeration is brought back, 0 to 1."""
    presence: str = "off"
    """What becomes by default of seconds without the caption's object: ``settings.PRESENCES``."""
    quiet: str = ""
    """The caption they have learnt silence by; empty where they have not."""
    window_seconds: float = 10.24
    """The longest sound made in one piece: AudioLDM's training length."""

    def __post_init__(self) -> None:
        numbers = (self.steps, self.guidance, self.window_seconds)
        if not all(type(n) in (int, float) and math.isfinite(n) and n > 0 for n in numbers):
            raise WeightsError(
                f"{ABOUT} in {self.folder}: steps, guidance and window_seconds are numbers above"
                " zero: correct it"
            )
        shares = (self.guided, self.rescale)
        if not all(type(n) in (int, float) and 0 <= n <= 1 for n in shares):
            raise WeightsError(
                f"{ABOUT} in {self.folder}: guided and rescale are shares from 0 to 1: correct it"
            )


def resolve(
    spec: str,
    *,
    offline: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
) -> Weights:
    """The weights that ``spec`` names: "embedded", a folder, or a hub id such as owner/name@commit.

    Hub weights that were downloaded before are taken as they are, so that a project keeps its
    revision, unless ``refresh`` asks the hub for the newest.
    """
    if spec == EMBEDDED:
        if not EMBEDDED_FOLDER.is_dir():
            raise WeightsError(
                "this installation has no embedded weights: install diffava-foley again, or choose"
                " --weights"
            )
        return read_folder(EMBEDDED_FOLDER)
    if Path(spec).expanduser().is_dir():
        return read_folder(Path(spec).expanduser().resolve())
    if not hub.is_id(spec):
        raise WeightsError(
            f"no weights {spec!r}: give {EMBEDDED!r}, a folder in diffusers format, or a hub id"
            " such as cvssp/audioldm-s-full-v2"
        )
    snapshot = hub.fetch(
        spec, PARTS + OTHERS, OPTIONAL, offline=offline, refresh=refresh, progress=progress
    )
    return read_folder(snapshot.folder, id=snapshot.repository, revision=snapshot.commit)


def read_folder(folder: Path, *, id: str | None = None, revision: str | None = None) -> Weights:
    """The weights in a folder, which must have every part, as safetensors.

    ``id`` is what they are called where their own description does not say.
    """
    _check_complete(folder)
    about = _read_about(folder)
    name = about.pop("id", None) or id or folder.name
    known = {field.name for field in fields(Weights)} - {"id", "revision", "folder"}
    weights = Weights(
        id=name,
        revision=revision or fingerprint(folder),
        folder=folder,
        **{key: value for key, value in about.items() if key in known},
    )
    return replace(
        weights,
        licence=about.get("licence") or _licence(folder, name),
        title=weights.title or name,
        clap=weights.clap or name,
    )


def clap_of(folder: Path, id: str | None = None) -> str:
    """Id of the CLAP in a weights folder, which need not have every part."""
    about = _read_about(folder)
    return str(about.get("clap") or about.get("id") or id or folder.name)


def fingerprint(folder: Path) -> str:
    """A short name for the content of a folder, from pieces of every file in it."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            for i in range(SAMPLES):
                file.seek(max(0, (size - SAMPLE_BYTES) * i // (SAMPLES - 1)))
                digest.update(file.read(SAMPLE_BYTES))
                if size <= SAMPLE_BYTES:
                    break
    return digest.hexdigest()[:16]


def is_safe(part: Path) -> bool:
    """Whether a part has its tensors as safetensors."""
    return any(part.glob("*.safetensors"))


def has_pickles(part: Path) -> bool:
    """Whether a part has tensors that only unpickling, which can run any code, would read."""
    return part.is_dir() and any(file.suffix in PICKLES for file in part.iterdir())


def _check_complete(folder: Path) -> None:
    for part in PARTS:
        if is_safe(folder / part):
            continue
        if has_pickles(folder / part):
            raise WeightsError(
                f"{folder / part} has only pickled tensors, which can run any code when read:"
                " convert them to safetensors"
            )
        raise WeightsError(
            f"{folder} is not a complete AudioLDM: {part}/*.safetensors is missing: get them again"
        )
    for part in OTHERS:
        if not (folder / part).is_dir():
            raise WeightsError(
                f"{folder} is not a complete AudioLDM: {part}/ is missing: get them again"
            )


def _read_about(folder: Path) -> dict[str, Any]:
    path = folder / ABOUT
    if not path.is_file():
        return {}
    try:
        about = json.loads(path.read_text("utf-8"))
        return {**about, "knows": tuple(str(name) for name in about.get("knows", ()))}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path} cannot be read, correct it: {error}") from error


def _licence(folder: Path, name: str) -> str:
    card = folder / CARD
    said = licences.of_card(card.read_text("utf-8", errors="replace")) if card.is_file() else None
    return said or licences.of_repository(name) or licences.UNKNOWN
