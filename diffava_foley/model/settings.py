"""How to make a sound: what an editor may choose. No torch here, so that plans are quick."""

from dataclasses import dataclass, replace

from diffava_foley.errors import FoleyError

from .weights import Weights

GLOBAL, PER_SECOND, TEXT_ONLY = "global", "per-second", "text-only"
CONDITIONINGS = (PER_SECOND, GLOBAL, TEXT_ONLY)
OFF, QUIET, GAIN, BOTH = "off", "quiet", "gain", "both"
PRESENCES = (OFF, QUIET, GAIN, BOTH)
SAMPLERS = ("ddim", "dpmpp", "dpmpp-sde", "unipc", "heun")

WAY = 2
"""Which way of making sounds this is. One more whenever the same picture, words, seed, settings
and weights come to sound otherwise, so that no take of an older way is found for a new one."""


@dataclass(frozen=True)
class Settings:
    """Choices for one sound; what is None, the weights decide."""

    steps: int | None = None
    """Denoising steps: more is slower and finer."""
    guidance: float | None = None
    """How hard the caption pulls; 1 is not at all."""
    guided: float | None = None
    """The share of the steps, from the first, in which it pulls; the others cost half."""
    negative: str | None = None
    """What the sound should not be."""
    conditioning: str = PER_SECOND
    """"per-second" follows the picture in time; "global" is the paper's one vector; "text-only"
    does not look, and is plain AudioLDM."""
    sampler: str | None = None
    """How the steps are taken: one of ``SAMPLERS``."""
    presence: str | None = None
    """What becomes of seconds that do not show what the caption means, where others do: "off"
    leaves them, "quiet" asks the model for silence there, "gain" makes a sound for every stretch
    that shows it, and for each phrase of the caption its own; "both" does both. Per second only."""
    rescale: float | None = None
    """How far what the guidance exaggerates is brought back to its former size, 0 to 1
    (arXiv 2305.08891, section 3.4): less loud and less smooth."""

    def __post_init__(self) -> None:
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise FoleyError(f"steps must be from 1 to 1000, not {self.steps}")
        if self.guidance is not None and not 1 <= self.guidance <= 100:
            raise FoleyError(f"guidance must be from 1 to 100, not {self.guidance}")
        if self.guided is not None and not 0 <= self.guided <= 1:
            raise FoleyError(f"guided must be a share from 0 to 1, not {self.guided}")
        if self.rescale is not None and not 0 <= self.rescale <= 1:
            raise FoleyError(f"rescale must be a share from 0 to 1, not {self.rescale}")
        if self.conditioning not in CONDITIONINGS:
            raise FoleyError(
                f"no conditioning {self.conditioning!r}: one of {', '.join(CONDITIONINGS)}"
            )
        if self.presence is not None and self.presence not in PRESENCES:
            raise FoleyError(f"no presence {self.presence!r}: one of {', '.join(PRESENCES)}")
        if self.sampler is not None and self.sampler not in SAMPLERS:
            raise FoleyError(f"no sampler {self.sampler!r}: one of {', '.join(SAMPLERS)}")

    def resolve(self, weights: Weights) -> "Settings":
        """These settings with nothing left open."""
        return replace(
            self,
            steps=weights.steps if self.steps is None else self.steps,
            guidance=weights.guidance if self.guidance is None else self.guidance,
            guided=weights.guided if self.guided is None else self.guided,
            negative=weights.negative if self.negative is None else self.negative,
            presence=weights.presence if self.presence is None else self.presence,
            sampler=weights.sampler if self.sampler is None else self.sampler,
            rescale=weights.rescale if self.rescale is None else self.rescale,
        )

    @property
    def in_words(self) -> str:
        """How the steps are taken, for a small print; of resolved settings."""
        parts = [f"{self.steps} {self.sampler} steps", f"guidance {self.guidance:g}"]
        if self.guided != 1:
            parts.append(f"in {self.guided:.0%} of them")
        if self.rescale:
            parts.append(f"rescaled by {self.rescale:g}")
        return ", ".join(parts)
