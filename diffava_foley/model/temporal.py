"""What the picture says over time: attention between the seconds of one shot.

The paper (arXiv 2305.12903, 3.2) asks for a multi-head attention transformer over the per-second
video features and says no more about it. Ours attends within a reach of ``max_seconds`` on either
side, with a learned bias for each distance instead of absolute positions: a shot of ten minutes
is then seen as the ten-second training clips were.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TemporalTransformer(nn.Module):
    """Pre-norm transformer encoder whose positions are distances in seconds."""

    def __init__(self, width: int, layers: int, heads: int, max_seconds: int) -> None:
        super().__init__()
        self.max_seconds = max_seconds
        self.distance_bias = nn.Parameter(torch.zeros(heads, 2 * max_seconds + 1))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Seconds that know of each other: (B, T, D), mask (B, T) of seconds seen -> (B, T, D)."""
        bias = self._attention_bias(mask).to(x.dtype)  # (B, heads, T, T)
        for block in self.blocks:
            x = block(x, bias)
        normed: Tensor = self.norm(x)
        return normed

    def _attention_bias(self, mask: Tensor) -> Tensor:
        seconds = torch.arange(mask.shape[1], device=mask.device)
        distance = seconds[None, :] - seconds[:, None]  # (T, T)
        reach = distance.abs() <= self.max_seconds
        clamped = distance.clamp(-self.max_seconds, self.max_seconds) + self.max_seconds
        # A second always sees itself, or the softmax over an unseen stretch would be 0 / 0.
        seen = (mask[:, None, :] & reach) | (distance == 0)  # (B, T, T)
        bias = self.distance_bias[:, clamped]  # (heads, T, T)
        return bias.masked_fill(~seen[:, None], float("-inf"))


class Block(nn.Module):
    """Attention, then a feed-forward layer of four times the width, each with its residual."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(B, T, D) with an attention bias (B, heads, T, T) -> (B, T, D)."""
        B, T, D = x.shape
        q, k, v = (
            part.view(B, T, self.heads, D // self.heads).transpose(1, 2)  # (B, heads, T, d)
            for part in self.qkv(self.norm_1(x)).chunk(3, dim=-1)
        )
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)  # (B, heads, T, d)
        x = x + self.out(attended.transpose(1, 2).reshape(B, T, D))
        widened: Tensor = self.mlp(self.norm_2(x))
        return x + widened
