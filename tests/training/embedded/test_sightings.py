import numpy as np
import pytest
import torch
from torch.nn import functional as F

from diffava_foley.training.embedded import sightings
from diffava_foley.training.embedded.sightings import Material, Sighting

NAMES = ("cat", "dog", "train")
D, V = 8, 6


@pytest.fixture(scope="module")
def material() -> Material:
    """Every embedding is an axis of its own, so that one can see what was mixed."""
    axes = torch.eye(D)
    looks = torch.eye(V)
    return Material(
        views={name: looks[i].expand(2, 3, V) for i, name in enumerate(NAMES)},
        empty=looks[5].expand(4, V),
        captions={
            "": axes[6].expand(2, D),
            **{n: axes[i].expand(2, D) for i, n in enumerate(NAMES)},
        },
        pairs={
            (one, other): axes[7].expand(2, D) for one in NAMES for other in NAMES if one != other
        },
        meant={name: axes[i] for i, name in enumerate(NAMES)},
        silence=axes[5],
    )


def many(material: Material, count: int = 300) -> list[Sighting]:
    return [sightings.draw(material, np.random.default_rng(n), 6) for n in range(count)]


def test_what_is_seen_is_what_is_shown(material: Material) -> None:
    """The eye's mixture and the sound's: the same shares, of looks and of meanings."""
    for one in many(material):
        mixed = torch.zeros(6, D)
        mixed[:, :3], mixed[:, 5] = one.video[:, :3], one.video[:, 5]
        torch.testing.assert_close(one.shown, F.normalize(mixed, dim=-1))
        torch.testing.assert_close(one.video.sum(dim=1), torch.ones(6))


def test_presence_is_the_share_of_what_the_caption_means(material: Material) -> None:
    kinds = set()
    for one in many(material):
        said = int(one.given.argmax())
        shares = one.video[:, :3]
        if said < 3:  # one sound: seen, or off screen
            torch.testing.assert_close(one.present, shares[:, said])
        else:  # vague, or both
            torch.testing.assert_close(one.present, shares.sum(dim=1))
        kinds.add((said, bool(one.present.any())))
    assert {kind for kind, _ in kinds} == {0, 1, 2, 6, 7}
    assert (0, False) in kinds


def test_the_condition_wanted_is_the_sound_where_it_is_seen_and_the_caption_elsewhere(
    material: Material,
) -> None:
    for one in many(material):
        gone, there = one.present == 0, one.present == 1
        torch.testing.assert_close(one.wanted[gone], one.given.expand(int(gone.sum()), D))
        if int(one.given.argmax()) < 3:
            torch.testing.assert_close(one.wanted[there], one.given.expand(int(there.sum()), D))
        else:  # the sounds themselves, not the words that name them
            assert (one.wanted[there, :3].norm(dim=1) > 0.999).all()


def test_objects_come_and_go_within_seconds_as_well(material: Material) -> None:
    shares = torch.cat([one.seen for one in many(material, 60)])

    assert (shares == 0).any()
    assert (shares == 1).any()
    assert ((shares > 0) & (shares < 1)).any()
