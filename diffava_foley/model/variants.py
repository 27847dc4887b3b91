"""The alignment as the paper has it, and without one part at a time. No torch here.

The paper says what its transformer and its residual network are for; leaving one out, with all
else as it was, shows what it is worth (:mod:`diffava_foley.model.ablations`).
"""

TRANSFORMER, SECONDS, MEAN, UNSEEN = "transformer", "seconds", "mean", "unseen"
RESIDUAL, AVERAGE = "residual", "average"

PICTURES = (TRANSFORMER, SECONDS, MEAN, UNSEEN)
"""How the seconds of a picture know of each other: by the paper's transformer; not at all; as
their mean, the same at every second; or not seen, text only."""

FUSIONS = (RESIDUAL, AVERAGE)
"""How picture and caption meet: in the paper's dual residual network, or as their plain mean."""
