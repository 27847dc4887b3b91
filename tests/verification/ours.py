"""What our measures make of the arrays, under the names that independent.py gives them."""

from fractions import Fraction

import arrays

from diffava_foley.evaluation.metrics import (
    av_align,
    divergence,
    frechet,
    inception,
    kernel,
    motion,
    onsets,
)

KINDS = (
    ("softmax", "reference||generated", "audioldm_eval"),
    ("softmax", "generated||reference", "audioldm_eval"),
    ("sigmoid", "reference||generated", "audioldm_eval"),
    ("softmax", "reference||generated", "av-benchmark"),
    ("softmax", "generated||reference", "av-benchmark"),
)


def figures():
    """{what: figure}, flat."""
    reference, generated = arrays.logits()
    score = inception.inception_score(generated)
    made = {"IS mean": score.mean, "IS std": score.std}
    for kind in KINDS:
        made[divergence.name(*kind)] = divergence.kl(reference, generated, *kind)
    for name, sets in (("N > D", arrays.many()), ("N < D", arrays.few())):
        distance = frechet.frechet(*sets)
        made |= {f"{kind} {name}": distance for kind in ("FID", "FAD", "FD")}
        spread = kernel.kid(*sets, subsets=100, subset_size=40)
        made |= {f"KID mean {name}": spread.mean, f"KID std {name}": spread.std}
    strength = onsets.onset_strength(arrays.sound())
    made |= {"onset strength, sum": strength.sum(), "onset strength, largest": strength.max()}
    made["onsets"] = list(onsets.onset_seconds(arrays.sound(), arrays.SAMPLE_RATE))
    flow = motion.motion(arrays.frames())
    made["motion, sum"] = flow.sum()
    made["motion peaks"] = list(motion.motion_seconds(arrays.frames(), Fraction(arrays.FRAME_RATE)))
    made["AV-Align"] = av_align.av_align(
        made["onsets"], made["motion peaks"], tolerance=1 / arrays.FRAME_RATE
    )
    return made
