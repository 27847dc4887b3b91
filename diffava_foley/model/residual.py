"""The dual multimodal residual network: two modalities corrected by what they have in common.

Tian et al., Audio-Visual Event Localization (arXiv 1803.08842), as released in
``YapengTian/AVE-ECCV18 models_fusion.py`` (``TBMRF_Net``): for h_v and h_t of one width D,

    f = (U_v h_v + U_t h_t) / 2
    h_v' = tanh(h_v + f),   h_t' = tanh(h_t + f)
    h* = (h_v' + h_t') / 2

with U = Linear, tanh, Linear. One block, as in the released model; its exchange of the two
residuals changes nothing there, because the sum is symmetric.
"""

import torch
from torch import Tensor, nn


class DualResidual(nn.Module):
    """AVE's fusion block on video and text instead of video and audio."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.video = _mapping(width)
        self.text = _mapping(width)

    def forward(self, video: Tensor, text: Tensor) -> Tensor:
        """The joint representation h*, in (-1, 1): (B, T, D) and (B, T, D) -> (B, T, D)."""
        merged = (self.video(video) + self.text(text)) / 2  # (B, T, D)
        return (torch.tanh(video + merged) + torch.tanh(text + merged)) / 2


def _mapping(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width))
