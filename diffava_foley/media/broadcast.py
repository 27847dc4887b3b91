"""What a Broadcast WAV says of itself, in its ``bext`` chunk (EBU Tech 3285).

The time reference is in samples since midnight, of true seconds: at 24000/1001 frames a second the
timecode 01:00:00:00 comes after 3603.6 of them, which is 172 972 800 samples at 48 kHz.
"""

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from diffava_foley.media.windows import sample_count

ORIGINATOR = "diffava-foley"
LONGEST_DESCRIPTION = 256
LONGEST_REFERENCE = 32
MODES = {1: "mono", 2: "stereo"}


@dataclass(frozen=True)
class Broadcast:
    """What a sound is, when it was made and where on the timeline it belongs."""

    description: str
    reference: str
    """What tells it from every other sound."""
    made: datetime
    moment: Fraction = Fraction(0)
    """When its first sample is heard, in true seconds since midnight of the timecode."""

    def tags(self, sample_rate: int, channels: int, bits: int) -> Mapping[str, str]:
        """The fields of the chunk, by FFmpeg's names for them."""
        history = f"A=PCM,F={sample_rate},W={bits},M={MODES[channels]},T={ORIGINATOR}\r\n"
        return {
            "description": ascii_text(self.description)[:LONGEST_DESCRIPTION],
            "originator": ORIGINATOR,
            "originator_reference": ascii_text(self.reference)[:LONGEST_REFERENCE],
            "origination_date": self.made.strftime("%Y-%m-%d"),
            "origination_time": self.made.strftime("%H:%M:%S"),
            "time_reference": str(sample_count(max(self.moment, Fraction(0)), sample_rate)),
            "coding_history": history,
        }


def now() -> datetime:
    """The time on the clock of this machine, or the one that SOURCE_DATE_EPOCH sets."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now().astimezone().replace(microsecond=0)


def ascii_text(text: str) -> str:
    """A text in the letters that the chunk may hold: accents are left off, the rest becomes ?."""
    letters = unicodedata.normalize("NFKD", " ".join(text.split()))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.encode("ascii", "replace").decode("ascii")
