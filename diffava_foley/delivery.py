"""A take as a file that a sound department takes in: mastered, with its timecode and its name."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from numpy import float32
from numpy.typing import NDArray

from diffava_foley.media.audio import write_audio
from diffava_foley.media.broadcast import Broadcast
from diffava_foley.media.forms import Form, Level
from diffava_foley.media.mastering import master
from diffava_foley.rendering import Request
from diffava_foley.store import JSON, key

CLOSE = 0.1
"""dB that nobody hears."""


@dataclass(frozen=True)
class Raw:
    """A sound as the model made it."""

    samples: NDArray[float32]
    """(C, N)"""
    sample_rate: int
    made: datetime


def delivery_key(take: str, request: Request, form: Form, name: str | None) -> str:
    """What tells the delivered form of a take from every other; ``take`` is the take's own key."""
    slate = request.slate
    times = [str(seconds) for seconds in (slate.moment, slate.head, slate.tail)]
    return key({"take": take, "form": asdict(form), "slate": times, "name": name})


def deliver(
    raw: Raw, request: Request, form: Form, path: Path, reference: str, overwrite: bool = False
) -> Level:
    """How loud the take became, after writing it as a file of exactly its picture's length."""
    slate = request.slate
    samples, level = master(
        raw.samples,
        raw.sample_rate,
        form,
        duration=request.picture.duration,
        head=slate.head,
        tail=slate.tail,
    )
    broadcast = Broadcast(request.caption, reference, raw.made, slate.moment)
    write_audio(
        path,
        samples,
        form.sample_rate,
        bits=form.bits,
        broadcast=broadcast,
        overwrite=overwrite,
    )
    return level


def describe(request: Request, form: Form, level: Level) -> JSON:
    """The delivery for the record that lies beside the file."""
    slate = request.slate
    return {
        "form": asdict(form),
        "gain_db": round(level.gain, 3),
        "loudness_lufs": None if level.loudness is None else round(level.loudness, 2),
        "true_peak_dbtp": None if level.true_peak is None else round(level.true_peak, 2),
        "handles_seconds": [float(slate.head), float(slate.tail)],
        "timecode_seconds": float(slate.moment),
    }


def shortfall(form: Form, level: Level) -> str | None:
    """What to tell of a sound that did not reach its loudness."""
    if form.loudness is None:
        return None
    if level.loudness is None:
        return f"it is too quiet to be brought to {form.loudness:g} LUFS; its level was kept"
    missing = form.loudness - level.loudness
    if missing <= CLOSE:
        return None
    return (
        f"it is {missing:.1f} dB below {form.loudness:g} LUFS, since its peaks would rise above "
        f"{form.true_peak:g} dBTP"
    )
