"""When the object of the caption is in view.

The alignment puts what a second shows into CLAP's space; whether that is what the caption means
is a learned, weighted likeness of the two. A shot that never shows it says nothing about when it
sounds: then it is off screen, and is heard throughout.
"""

import torch
from torch import Tensor, nn

SURE = 0.5
"""The presence, more likely than not, that one second must reach for others to be found wanting."""
SURE_APART = 0.3
"""The same where several things are looked for: wrong no more often, for each may be the other."""
LIKENESS = 10.0
"""Log odds from being of no likeness to being the same, before training."""
STEEP = 0.4
"""Of the way from absent to present, centred, in which the level changes."""


class Presence(nn.Module):
    """How likely each second shows what the caption means."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.likeness = nn.Parameter(torch.ones(width))
        self.seen = nn.Linear(width, 1)
        self.text = nn.Linear(width, 1)

    def forward(self, seen: Tensor, text: Tensor) -> Tensor:
        """Log odds: what is seen (B, T, D) and the caption (B, D) -> (B, T)."""
        likeness = LIKENESS * torch.einsum("btd,bd,d->bt", seen, text, self.likeness)
        odds: Tensor = likeness + (self.seen(seen) + self.text(text)[:, None])[..., 0]
        return odds


def told_apart(likelihood: Tensor, mask: Tensor) -> Tensor:
    """What each second contributes to each of P things: likelihoods and seen, (P, T) -> (P, T).

    A second is less likely to show one thing as far as it is likelier to show another: a picture
    of a saw that looks a little like a typewriter is a saw.
    """
    if len(likelihood) == 1:
        return relative(likelihood, mask)
    best = likelihood.amax(dim=0, keepdim=True).clamp(min=1e-6)
    return relative(likelihood * likelihood / best, mask, SURE_APART)


def relative(presence: Tensor, mask: Tensor, sure: float = SURE) -> Tensor:
    """What each second contributes, 0 to 1: (B, T) and (B, T) of seconds seen -> (B, T).

    Measured by the second that shows the object best, for pictures differ in how well they are
    told. One throughout where the object never comes into view, and where there was no picture.
    """
    peak = presence.masked_fill(~mask, 0).amax(dim=1, keepdim=True)  # (B, 1)
    shares = (presence / peak.clamp(min=sure)).clamp(max=1)
    return torch.where(mask & (peak >= sure), shares, torch.ones_like(presence))


def throughout(there: Tensor) -> Tensor:
    """Whether each of P things is heard throughout, as what is never seen is: (P, S) -> (P,)."""
    return (there == 1).all(dim=1)


def level(presence: Tensor, count: int, sample_rate: int, pace: int = 1) -> Tensor:
    """The gain of each sample: windows (B, S), ``pace`` a second, 0 to 1 -> (B, count), 0 to 1.

    Presence runs straight from the middle of a window to that of the next, as the condition does
    (:func:`conditioning.at_times`), and the level follows it through its middle: an object that
    comes into view within a window is heard from about that moment. Nothing is left where the
    object is absent: a recogniser, and a quiet room, hears what is merely turned down.
    """
    S = presence.shape[1]
    place = (torch.arange(count, device=presence.device) + 0.5) * pace / sample_rate - 0.5
    place = place.clamp(0, S - 1)  # window i is heard at i + 1/2
    before = place.floor().long()  # (count,)
    after = (before + 1).clamp(max=S - 1)
    there = torch.lerp(presence[:, before], presence[:, after], (place - before).to(presence))
    share = ((there - 0.5) / STEEP + 0.5).clamp(0, 1)
    return (share * share * (3 - 2 * share)) ** 2  # smooth at both ends, and even to the ear
