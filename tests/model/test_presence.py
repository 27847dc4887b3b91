import torch

from diffava_foley.model import presence


def test_presence_is_relative_to_the_second_that_shows_the_object_best() -> None:
    seen = torch.ones(2, 3, dtype=torch.bool)

    told = presence.relative(torch.tensor([[0.1, 0.9, 0.2], [0.1, 0.3, 0.2]]), seen)

    assert told[0].tolist() == torch.tensor([0.1, 0.9, 0.2]).tolist()
    assert told[1].tolist() == [1, 1, 1]


def test_a_second_without_picture_is_heard_and_does_not_count_as_showing() -> None:
    odds, mask = torch.tensor([[0.9, 0.1, 0.8]]), torch.tensor([[False, True, True]])

    assert presence.relative(odds, mask).tolist() == [[1, *torch.tensor([0.1, 0.8]).tolist()]]
    assert presence.relative(odds, torch.tensor([[False, True, False]])).tolist() == [[1, 1, 1]]


def test_the_level_falls_by_forty_decibels_between_two_seconds_and_never_jumps() -> None:
    rate = 1000

    level = presence.level(torch.tensor([[1.0, 0.0]]), 2 * rate, rate)[0]

    assert level[: rate // 2].tolist() == [1.0] * (rate // 2)
    torch.testing.assert_close(level[-rate // 2 :], torch.full((rate // 2,), 0.01))
    torch.testing.assert_close(
        level[rate - 1 : rate + 1].mean(), torch.tensor(0.1), rtol=1e-2, atol=0
    )
    assert (level.diff() <= 0).all()
    assert (level[1:] / level[:-1]).min() > 0.96


def test_a_second_half_in_view_moves_the_change_by_half_a_second() -> None:
    rate = 1000
    whole, half = torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([[0.0, 0.5, 1.0, 1.0]])

    def enters(seconds: torch.Tensor) -> float:
        return float((presence.level(seconds, 4 * rate, rate)[0] > 0.1).float().argmax()) / rate

    assert abs(enters(whole) - 2.0) < 0.01
    assert abs(enters(half) - 1.5) < 0.01


def test_likeness_of_what_is_seen_to_the_caption_is_presence() -> None:
    torch.manual_seed(0)
    module = presence.Presence(8)
    text = torch.nn.functional.normalize(torch.randn(1, 8), dim=-1)

    odds = module(torch.stack([text, -text], dim=1), text)

    assert odds.shape == (1, 2)
    assert odds[0, 0] - odds[0, 1] > 15
