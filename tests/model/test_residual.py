import numpy as np
import torch

from diffava_foley.model.residual import DualResidual


def test_fusion_follows_aves_equations() -> None:
    torch.manual_seed(0)
    module = DualResidual(5).double()
    video, text = torch.randn(2, 3, 5).double(), torch.randn(2, 3, 5).double()

    fused = module(video, text).detach().numpy()

    def mapping(side: torch.nn.Sequential, h: np.ndarray) -> np.ndarray:
        w1, b1, w2, b2 = (p.detach().numpy() for p in side.parameters())
        return np.tanh(h @ w1.T + b1) @ w2.T + b2

    v, t = video.numpy(), text.numpy()
    f = (mapping(module.video, v) + mapping(module.text, t)) / 2
    np.testing.assert_allclose(fused, (np.tanh(v + f) + np.tanh(t + f)) / 2, rtol=1e-12)


def test_fusion_stays_between_minus_one_and_one() -> None:
    fused = DualResidual(5)(100 * torch.randn(1, 9, 5), torch.randn(1, 9, 5))

    assert fused.abs().max() <= 1
