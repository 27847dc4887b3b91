from fractions import Fraction

import pytest
import torch

from diffava_foley.evaluation.presence import recall, scenes
from diffava_foley.training.embedded import pictures
from diffava_foley.training.embedded.pictures import Picture


def stay(begin: str, end: str) -> scenes.Stay:
    picture = Picture("dog", pictures.HELD_OUT, pictures.STAMPS, "x.png", "somebody")
    return scenes.Stay(
        picture, Fraction(begin), Fraction(end), "cut", 0.5, (0.5, 0.5), mirrored=False
    )


@pytest.mark.parametrize(
    ("begin", "end", "best"),
    [("1", "2", 1), ("1/2", "2", 1), ("1/4", "3/2", 0), ("17/8", "15/4", 2), ("5/2", "4", 3)],
)
def test_the_second_that_is_looked_at_shows_the_object_for_longest(
    begin: str, end: str, best: int
) -> None:
    assert recall.best_second(stay(begin, end)) == best


def test_the_rank_counts_the_sounds_that_are_nearer() -> None:
    middles = torch.eye(4)

    assert recall.rank(torch.tensor([0.9, 0.5, 0.1, 0.0]), middles, 0) == 0
    assert recall.rank(torch.tensor([0.9, 0.5, 0.1, 0.0]), middles, 2) == 2


def test_the_table_gives_recall_beside_chance() -> None:
    found = recall.Found({recall.MISSING: (0, 0, 3, 9)}, 43)

    assert recall.share(found.ranks[recall.MISSING], 1) == 0.5
    told = recall.markdown(found).splitlines()
    assert told[2].startswith("| caption missing | 50 % (")
    assert told[2].endswith("| 4 |")
    assert told[3] == "| chance, 43 sounds | 2 % | 12 % | |"
    assert len(told) == 4


def test_below_the_table_stands_how_often_what_is_there_and_what_is_not_is_found() -> None:
    found = recall.Found({recall.MISSING: (0,)}, 43, (True, False), (False,) * 4)

    told = recall.markdown(found).splitlines()[-1]
    assert told.startswith("Found in view: 50 % (")
    assert "of 2 phrases of what is there, 0 % (0 to 0) of 4 captions of what is not" in told
