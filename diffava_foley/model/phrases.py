"""The sounds that a caption names, so that each can follow its own object.

"A dog barks, then a train passes" is two. The text encoder makes one vector of it, in which one
often drowns the other.
"""

import re

JOIN = re.compile(
    r"\s*[,;]\s+(?:(?:and\s+then|and|then)\s+)?|\s+(?:and\s+then|and|then|while|followed\s+by)\s+",
    re.IGNORECASE,
)
PAIRS = {("back", "forth"), ("up", "down"), ("on", "off"), ("in", "out"), ("to", "fro")}
WORDS = 2  # in a phrase, at least; "crying and sobbing" is one thing


def split(caption: str) -> tuple[str, ...]:
    """The caption's phrases in its order, or the caption alone where it is one.

    By English conjunctions and commas. A part of one word says not who does it, and stays with
    its neighbour: "flames burn and pop, and a dog barks" -> "flames burn and pop", "a dog barks".
    """
    caption = " ".join(caption.split())
    phrases: list[tuple[int, int]] = []
    start = 0
    for end, following in [*_joins(caption), (len(caption), len(caption))]:
        short = _is_short(caption[start:end])
        if phrases and (short or _is_short(caption[slice(*phrases[-1])])):
            start = phrases.pop()[0]
        phrases.append((start, end))
        start = following
    return tuple(caption[slice(*phrase)] for phrase in phrases)


def _joins(caption: str) -> list[tuple[int, int]]:
    joins = [join.span() for join in JOIN.finditer(caption)]
    return [(end, start) for end, start in joins if not _is_pair(caption[:end], caption[start:])]


def _is_short(part: str) -> bool:
    return len(part.split()) < WORDS


def _is_pair(before: str, after: str) -> bool:
    """Whether the words on either side say one thing together, as in "again and again"."""
    left, right = (
        words[place].lower() for words, place in ((before.split(), -1), (after.split(), 0))
    )
    return left == right or (left, right) in PAIRS
