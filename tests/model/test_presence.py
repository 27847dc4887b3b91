import torch

from diffava_foley.model import presence

SEEN = torch.ones(1, 3, dtype=torch.bool)


def test_presence_is_measured_by_the_second_that_shows_the_object_best() -> None:
    told = presence.relative(torch.tensor([[0.02, 0.5, 0.2]]), SEEN)

    torch.testing.assert_close(told, torch.tensor([[0.04, 1.0, 0.4]]))
    torch.testing.assert_close(
        presence.relative(torch.tensor([[0.05, 0.45, 0.9]]), SEEN)[0, 1], torch.tensor(0.5)
    )


def test_an_object_that_no_second_shows_is_off_screen_and_heard_throughout() -> None:
    assert presence.relative(torch.tensor([[0.1, 0.45, 0.02]]), SEEN).tolist() == [[1, 1, 1]]


def test_a_second_without_picture_is_heard_and_does_not_count_as_showing() -> None:
    odds, mask = torch.tensor([[0.9, 0.08, 0.8]]), torch.tensor([[False, True, True]])

    torch.testing.assert_close(presence.relative(odds, mask), torch.tensor([[1.0, 0.1, 1.0]]))
    assert presence.relative(odds, torch.tensor([[False, True, False]])).tolist() == [[1, 1, 1]]


def test_the_level_falls_to_nothing_between_two_seconds_without_a_jump() -> None:
    rate = 1000

    level = presence.level(torch.tensor([[1.0, 0.0]]), 2 * rate, rate)[0]

    assert level[: rate // 2].tolist() == [1.0] * (rate // 2)
    assert level[-rate // 2 :].tolist() == [0.0] * (rate // 2)
    torch.testing.assert_close(
        level[rate - 1 : rate + 1].mean(), torch.tensor(0.25), rtol=1e-2, atol=0
    )
    assert -0.01 < level.diff().min() <= level.diff().max() <= 0


def test_a_second_half_in_view_moves_the_change_by_half_a_second() -> None:
    rate = 1000
    whole, half = torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([[0.0, 0.5, 1.0, 1.0]])

    def enters(seconds: torch.Tensor) -> float:
        return float((presence.level(seconds, 4 * rate, rate)[0] > 0.25).float().argmax()) / rate

    assert abs(enters(whole) - 2.0) < 0.01
    assert abs(enters(half) - 1.5) < 0.01


def test_likeness_of_what_is_seen_to_the_caption_is_presence() -> None:
    torch.manual_seed(0)
    module = presence.Presence(8)
    text = torch.nn.functional.normalize(torch.randn(1, 8), dim=-1)

    odds = module(torch.stack([text, -text], dim=1), text)

    assert odds.shape == (1, 2)
    assert odds[0, 0] - odds[0, 1] > 15


def test_a_second_that_shows_one_thing_more_clearly_shows_the_other_less() -> None:
    likelihood = torch.tensor([[0.9, 0.5, 0.1], [0.45, 0.8, 0.1]])

    told = presence.told_apart(likelihood, SEEN.expand(2, 3))

    torch.testing.assert_close(told[0], torch.tensor([0.9, 0.5**2 / 0.8, 0.1]) / 0.9)
    torch.testing.assert_close(told[1], torch.tensor([0.45**2 / 0.9, 0.8, 0.1]) / 0.8)


def test_among_others_less_likelihood_is_enough_unless_another_thing_explains_it() -> None:
    nothing = torch.tensor([0.02, 0.02, 0.02])
    faint = torch.tensor([0.02, 0.4, 0.02])
    clear = torch.tensor([0.02, 0.9, 0.02])
    seen = SEEN.expand(2, 3)

    assert presence.told_apart(faint[None], SEEN).tolist() == [[1, 1, 1]]
    assert presence.told_apart(torch.stack([faint, nothing]), seen)[0, 0] < 0.1
    assert presence.told_apart(torch.stack([faint, clear]), seen)[0].tolist() == [1, 1, 1]


def test_one_thing_alone_is_measured_as_ever() -> None:
    likelihood = torch.tensor([[0.05, 0.45, 0.9]])

    assert torch.equal(presence.told_apart(likelihood, SEEN), presence.relative(likelihood, SEEN))


def test_finer_windows_change_the_level_where_they_say() -> None:
    rate = 1000

    level = presence.level(torch.tensor([[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]), 3 * rate, rate, pace=2)

    entered = float((level[0] > 0.25).float().argmax()) / rate
    assert abs(entered - 1.5) < 0.01
    assert not level[0, : int(1.25 * rate)].any()
    assert level[0, int(1.75 * rate) :].min() == 1
