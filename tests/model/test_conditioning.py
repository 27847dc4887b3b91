import torch
from torch import Tensor
from torch.nn import functional as F

from diffava_foley.model.conditioning import at_times, held, one_vector, quietened


def unit(*shape: int) -> Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(0)), dim=-1)


def test_seconds_turn_to_silence_as_far_as_nothing_is_present() -> None:
    torch.manual_seed(0)
    seconds, quiet = (
        F.normalize(torch.randn(1, 3, 5), dim=-1),
        F.normalize(torch.randn(1, 5), dim=-1),
    )

    moved = quietened(seconds, torch.tensor([[1.0, 0.5, 0.0]]), quiet)

    assert torch.equal(moved[:, 0], seconds[:, 0])  # to the last bit
    torch.testing.assert_close(moved[:, 1], F.normalize(seconds[:, 1] + quiet, dim=-1))
    torch.testing.assert_close(moved[:, 2], quiet)


def test_seconds_that_do_not_show_the_object_repeat_the_nearest_that_does() -> None:
    seconds = torch.arange(6.0).reshape(1, 6, 1)
    presence = torch.tensor([[0.0, 0.9, 0.2, 0.1, 0.0, 1.0]])

    assert held(seconds, presence)[0, :, 0].tolist() == [1, 1, 1, 1, 5, 5]
    assert torch.equal(held(seconds, torch.zeros(1, 6)), seconds)


def test_one_vector_of_constant_seconds_is_their_own_to_the_last_bit() -> None:
    text = unit(3, 512)

    assert torch.equal(one_vector(text[:, None].expand(-1, 7, -1)), text)


def test_one_vector_is_the_mean_direction_of_unit_length() -> None:
    seconds = unit(2, 7, 512)

    vector = one_vector(seconds)

    torch.testing.assert_close(vector, F.normalize(seconds.mean(dim=1), dim=-1))


def test_embeddings_between_the_middles_of_seconds_are_between_them() -> None:
    seconds = unit(1, 3, 8)

    heard = at_times(seconds, torch.tensor([0.0, 0.5, 1.0, 1.5, 2.9]))

    torch.testing.assert_close(heard[:, 0], seconds[:, 0])
    torch.testing.assert_close(heard[:, 1], seconds[:, 0])
    torch.testing.assert_close(heard[:, 2], F.normalize(seconds[:, 0] + seconds[:, 1], dim=-1))
    torch.testing.assert_close(heard[:, 3], seconds[:, 1])
    torch.testing.assert_close(heard[:, 4], seconds[:, 2])
