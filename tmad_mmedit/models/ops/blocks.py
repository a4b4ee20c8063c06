"""The blocks of Table I: down, residual and up.

Sec. IV: "conv, conv, Downsample" and "Upsample, conv, conv" after PGGAN, leaky
ReLU 0.2 after every layer, no normalisation anywhere.
"""
from mmcv.cnn import ConvModule
from torch import Tensor, nn

from .carafe import CARAFEPack


def conv(in_channels: int,
         out_channels: int,
         stride: int = 1,
         dilation: int = 1,
         act: bool = True) -> ConvModule:
    """A 3 x 3 convolution that keeps the size, over the stride; LReLU."""
    return ConvModule(
        in_channels,
        out_channels,
        3,
        stride=stride,
        padding=dilation,
        dilation=dilation,
        act_cfg=dict(type='LeakyReLU', negative_slope=0.2) if act else None)


class DownBlock(nn.Sequential):
    """conv, conv, nearest halving: (N, C, H, W) to (N, C', H/2, W/2).

    Nearest halving keeps the even pixels, and these are just what a stride of
    2 computes: the same values for a quarter of the work.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            conv(in_channels, in_channels),
            conv(in_channels, out_channels, stride=2))


class ResBlock(nn.Module):
    """Residual block, (N, C, H, W) to the same shape.

    Args:
        channels (int): C.
        dilation (int): Of the first convolution. Defaults to 1.
    """

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = conv(channels, channels, dilation=dilation)
        self.conv2 = conv(channels, channels, act=False)
        self.act = nn.LeakyReLU(0.2)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(x + self.conv2(self.conv1(x)))


class UpBlock(nn.Sequential):
    """CARAFE x2, conv, conv: (N, C, H, W) to (N, C', 2H, 2W)."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            CARAFEPack(in_channels, scale_factor=2),
            conv(in_channels, out_channels),
            conv(out_channels, out_channels))
