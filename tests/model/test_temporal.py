import torch

from diffava_foley.model.temporal import TemporalTransformer


def transformer(max_seconds: int = 3, layers: int = 2) -> TemporalTransformer:
    torch.manual_seed(0)
    module = TemporalTransformer(8, layers, 2, max_seconds).eval().requires_grad_(False)
    module.distance_bias.normal_()
    return module


def seen(seconds: int) -> torch.Tensor:
    return torch.ones(1, seconds, dtype=torch.bool)


def test_a_second_hears_only_of_those_within_reach() -> None:
    module, x = transformer(max_seconds=3, layers=2), torch.randn(1, 20, 8)
    moved = x.clone()
    moved[:, 0, 0] += 1

    change = (module(x, seen(20)) - module(moved, seen(20))).abs().amax(dim=(0, 2))

    assert (change[: 2 * 3 + 1] > 0).all()
    assert (change[2 * 3 + 1 :] == 0).all()


def test_the_middle_of_a_long_shot_is_what_it_is_in_a_short_one() -> None:
    module, x = transformer(max_seconds=3, layers=2), torch.randn(1, 60, 8)

    long, short = module(x, seen(60))[:, 30], module(x[:, 20:41], seen(21))[:, 10]

    torch.testing.assert_close(long, short)


def test_order_in_time_matters() -> None:
    module, x = transformer(), torch.randn(1, 4, 8)

    forward, backward = module(x, seen(4)), module(x.flip(1), seen(4)).flip(1)

    assert not torch.allclose(forward, backward, atol=1e-4)
