import pytest
import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

from diffava_foley.model import guidance

SHAPE = (3, 8, 32, 16)


def predictions() -> torch.Tensor:
    return torch.randn(2 * SHAPE[0], *SHAPE[1:], generator=torch.Generator().manual_seed(0))


def test_a_guidance_of_one_is_the_caption_alone_and_more_leads_away_from_the_other() -> None:
    without, with_caption = predictions().chunk(2)

    torch.testing.assert_close(guidance.lead(predictions(), 1.0), with_caption)
    torch.testing.assert_close(guidance.lead(predictions(), 3.0), 3 * with_caption - 2 * without)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_a_rescaled_guidance_is_what_diffusers_makes_of_it(share: float) -> None:
    led = guidance.lead(predictions(), 4.5)
    expected = rescale_noise_cfg(led, predictions().chunk(2)[1], guidance_rescale=share)

    torch.testing.assert_close(guidance.lead(predictions(), 4.5, share), expected)


def test_wholly_rescaled_it_has_the_size_that_it_had_without_being_led() -> None:
    with_caption, led = predictions().chunk(2)[1], guidance.lead(predictions(), 9.0, 1.0)

    for one, other in zip(led, with_caption, strict=True):
        assert float(one.std()) == pytest.approx(float(other.std()), rel=1e-5)


def test_the_negative_comes_first_and_is_said_in_every_second() -> None:
    condition, negative = torch.rand(1, 5, 4), torch.rand(1, 4)

    labels = guidance.opposed(condition, negative)

    assert torch.equal(labels[0], negative.expand(5, 4))
    assert torch.equal(labels[1], condition[0])
