"""The blocks of Table I: down, residual and up.

Sec. IV: "conv, conv, Downsample" and "Upsample, conv, conv" after PGGAN, leaky
ReLU 0.2 after every layer, no normalisation anywhere.
"""
import torch
from torch import Tensor, nn

from .carafe import CARAFEPack, zero_bias

SLOPE = 0.2  # of the leaky ReLU


def channels_last(network: nn.Module) -> None:
    """Lay its weights out so that maps have channels last in memory, which is
    the faster way on CPUs."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


class Conv(nn.Module):
    """Convolve 3 x 3 and activate; the size stays, but for the stride.

    Begins as, and has the checkpoint keys of, mmcv's ``ConvModule``.

    Args:
        in_channels, out_channels (int): C and C'.
        stride, dilation (int): Default to 1.
        act (bool): Leaky ReLU after it. Defaults to True.
    """

    def __init__(self,
                 in_channels: int,
                 out_channels: int,
                 stride: int = 1,
                 dilation: int = 1,
                 act: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, 3, stride, dilation, dilation)
        self.activate = nn.LeakyReLU(SLOPE, inplace=True) if act else None
        nn.init.kaiming_normal_(
            self.conv.weight,
            a=SLOPE if act else 0,
            mode='fan_out',
            nonlinearity='leaky_relu' if act else 'relu')
        zero_bias(self.conv)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, C', H', W') of (N, C, H, W)."""
        x = self.conv(x)
        return self.activate(x) if self.activate else x


class DownBlock(nn.Sequential):
    """conv, conv, nearest halving: (N, C, H, W) to (N, C', H/2, W/2).

    Nearest halving keeps the even pixels, and these are just what a stride of
    2 computes: the same values for a quarter of the work.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            Conv(in_channels, in_channels),
            Conv(in_channels, out_channels, stride=2))


class ResBlock(nn.Module):
    """Residual block, (N, C, H, W) to the same shape.

    Args:
        channels (int): C.
        dilation (int): Of the first convolution. Defaults to 1.
    """

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = Conv(channels, channels, dilation=dilation)
        self.conv2 = Conv(channels, channels, act=False)
        self.act = nn.LeakyReLU(SLOPE)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(x + self.conv2(self.conv1(x)))


class UpBlock(nn.Sequential):
    """CARAFE x2, conv, conv: (N, C, H, W) to (N, C', 2H, 2W)."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            CARAFEPack(in_channels, scale_factor=2),
            Conv(in_channels, out_channels),
            Conv(out_channels, out_channels))
