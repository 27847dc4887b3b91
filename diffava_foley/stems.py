"""The stem: one sound of a whole foley track, from the timeline's first frame to its last."""

import logging
from collections.abc import Sequence
from pathlib import Path

from diffava_foley.media.broadcast import Broadcast
from diffava_foley.media.forms import Form
from diffava_foley.media.mix import Piece, write_mix
from diffava_foley.rendering import Slate
from diffava_foley.store import key
from diffava_foley.takes import StoredTake
from diffava_foley.timeline.shots import Plan, Shot

logger = logging.getLogger(__name__)


def write_stem(
    stem: Path,
    cut: Plan,
    takes: Sequence[tuple[Shot, Slate, StoredTake]],
    track_name: str,
    form: Form,
) -> None:
    """Writes the takes of these shots in one file, without their handles.

    The same takes at the same times make the same bytes, the date in it being the newest take's.
    """
    pieces = [
        Piece(take.sound, shot.start, shot.duration, slate.head) for shot, slate, take in takes
    ]
    broadcast = Broadcast(
        description=f"{cut.name}: {track_name}",
        reference=key([[piece.path.name, str(piece.start)] for piece in pieces]),
        made=max(take.made for _, _, take in takes),
        moment=cut.timecode,
    )
    lowered = write_mix(stem, pieces, cut.duration, form, broadcast=broadcast, overwrite=True)
    if lowered:
        logger.warning(
            "%s: what sounds together would clip; the stem is %.1f dB lower", stem, lowered
        )
