import torch
from torch.nn import functional as F

from diffava_foley.model.conditioning import held, quietened


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
