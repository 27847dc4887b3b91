"""A sound made ready for an editor: exact in length, faded, at its level."""

from fractions import Fraction

import numpy as np

from diffava_foley.errors import BadTake
from diffava_foley.media.audio import resample, with_channels
from diffava_foley.media.encoding import Samples
from diffava_foley.media.forms import Form, Level
from diffava_foley.media.loudness import decibels, loudness, ratio, true_peak
from diffava_foley.media.windows import sample_count

FADE_SECONDS = Fraction(1, 200)


def master(
    samples: Samples,
    rate_in: int,
    form: Form,
    *,
    duration: Fraction,
    head: Fraction = Fraction(0),
    tail: Fraction = Fraction(0),
) -> tuple[Samples, Level]:
    """A sound (C, N) in a form, exactly ``duration`` seconds long, and how loud it became.

    The loudness is that of what is heard between the handles ``head`` and ``tail``. Where it would
    take the peaks above the ceiling, the whole sound stays quieter: nothing is ever limited.
    """
    if not np.isfinite(samples).all():
        raise BadTake("the sound has samples that are not numbers; try another seed")
    rate = form.sample_rate
    length = sample_count(duration, rate)
    made = resample(with_channels(samples, form.channels), rate_in, rate, length)
    _fade(made, min(sample_count(FADE_SECONDS, rate), length // 2))
    between = made[:, sample_count(head, rate) : length - sample_count(tail, rate)]
    level = _level(between, made, form)
    if level.gain:
        made *= np.float32(ratio(level.gain))
    ceiling = np.float32(ratio(form.true_peak))
    return np.clip(made, -ceiling, ceiling, out=made), level


def _level(between: Samples, whole: Samples, form: Form) -> Level:
    """The gain that a sound needs, and where that takes it."""
    peak = true_peak(whole, form.sample_rate)
    before = loudness(between, form.sample_rate)
    asked = form.loudness - before if form.loudness is not None and before is not None else 0.0
    gain = min(asked, form.true_peak - peak)
    return Level(
        gain,
        before + gain if before is not None else None,
        peak + gain if peak > decibels(0) else None,
    )


def _fade(samples: Samples, length: int) -> None:
    """Fade in and out over so many samples, in place; a raised cosine has no corners."""
    if length:
        slope = np.sin(np.linspace(0, np.pi / 2, length, endpoint=False)) ** 2
        samples[:, :length] *= slope.astype(np.float32)
        samples[:, -length:] *= slope[::-1].astype(np.float32)
