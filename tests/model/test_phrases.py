import pytest

from diffava_foley.model import phrases

CAPTIONS = {
    "a train horn blows": ("a train horn blows",),
    "a dog barks and a train passes": ("a dog barks", "a train passes"),
    "A dog barks, then a door slams": ("A dog barks", "a door slams"),
    "rain falls while a man speaks followed by thunder far away": (
        "rain falls",
        "a man speaks",
        "thunder far away",
    ),
    "steps on gravel, a gate creaks; and then a car starts": (
        "steps on gravel",
        "a gate creaks",
        "a car starts",
    ),
}
ONE_THING = (
    "thunder cracks and rolls",
    "the baby is crying and sobbing",
    "a saw goes back and forth through timber",
    "hammering over and over",
    "wind, strong",
    "dogs and cats",
    "a sandstorm",
    "and",
    ", ",
    "1,000 bees",
)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_falls_into_what_it_names(caption: str) -> None:
    assert phrases.split(caption) == CAPTIONS[caption]


@pytest.mark.parametrize("caption", ONE_THING)
def test_one_thing_stays_whole(caption: str) -> None:
    assert phrases.split(caption) == (" ".join(caption.split()),)


def test_a_word_alone_stays_with_its_neighbour() -> None:
    assert phrases.split("flames burn and pop, and crowing of a rooster") == (
        "flames burn and pop",
        "crowing of a rooster",
    )
    assert phrases.split("rain and a car passes by") == ("rain and a car passes by",)
    assert phrases.split("a saw goes back and forth and a dog barks") == (
        "a saw goes back and forth",
        "a dog barks",
    )


def test_no_word_is_lost_but_the_joins() -> None:
    for caption, parts in CAPTIONS.items():
        assert " ".join(parts).split() == [
            word
            for word in caption.replace(",", "").replace(";", "").split()
            if word not in {"and", "then", "while", "followed", "by"}
        ]
