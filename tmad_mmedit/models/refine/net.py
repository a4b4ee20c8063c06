"""A network that corrects a filled hole at full size. Ours."""
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..ops.blocks import channels_last


class RefineNet(nn.Module):
    """A U-Net whose skips reach the full size; what it says is added.

    Its last layer begins at zero: untrained, it changes nothing.

    >>> net = RefineNet(widths=(4, 6, 8), dilations=(1, 2))
    >>> img = torch.rand(1, 3, 16, 24)
    >>> net(img, img, torch.ones(1, 1, 16, 24)).shape
    torch.Size([1, 3, 16, 24])

    Args:
        widths (Sequence[int]): Channels at full size, 1/2 and 1/4.
        dilations (Sequence[int]): Of the residual blocks at 1/4, one each.
    """

    divisor = 4

    def __init__(self, widths: Sequence[int] = (32, 64, 112),
                 dilations: Sequence[int] = (1, 2, 4, 1)) -> None:
        super().__init__()
        full, half, quarter = widths
        # in pixels: two convs a block at 1/4, and 32 besides
        self.reach = 4 * (sum(dilations) + len(dilations)) + 32
        self.conv_in = nn.Conv2d(7, full, 3, padding=1)
        self.res_full = Residual(full)
        self.down_half = nn.Conv2d(full, half, 4, 2, 1)
        self.res_half = Residual(half)
        self.down_quarter = nn.Conv2d(half, quarter, 4, 2, 1)
        self.res_quarter = nn.Sequential(
            *(Residual(quarter, x) for x in dilations))
        self.up_half = Joined(quarter, half)
        self.up_full = Joined(half, full)
        self.conv_out = nn.Conv2d(full, 3, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)  # type: ignore[arg-type]
        channels_last(self)

    def forward(self, filled: Tensor, guess: Tensor, mask: Tensor) -> Tensor:
        """Say what a filled picture lacks.

        Args:
            filled (Tensor): (N, 3, H, W), RGB in [-1, 1], H and W divisible
                by 4.
            guess (Tensor): I_comp, as ``filled``.
            mask (Tensor): (N, 1, H, W), 1 = hole.

        Returns:
            Tensor: (N, 3, H, W), to be added to ``filled``; 0 around holes.
        """
        x = torch.cat([filled, guess - filled, mask], 1)
        full = self.res_full(self.conv_in(x))
        half = self.res_half(self.down_half(F.elu(full)))
        x = self.res_quarter(self.down_quarter(F.elu(half)))
        x = self.up_full(self.up_half(x, half), full)
        return self.conv_out(F.elu(x)) * mask


class Residual(nn.Module):
    """Activated before each of two convs: (N, C, H, W) to the same."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            channels, channels, 3, padding=dilation, dilation=dilation)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.elu(self.conv1(F.elu(x))))


class Joined(nn.Module):
    """Enlarge a map twice and join it with one of that size: (N, C, H, W) and
    (N, C', 2H, 2W) to the latter's shape."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.up = nn.Conv2d(channels, out_channels, 3, padding=1)
        self.join = nn.Conv2d(2 * out_channels, out_channels, 3, padding=1)
        self.res = Residual(out_channels)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = self.up(F.interpolate(x, scale_factor=2., mode='bilinear'))
        return self.res(self.join(torch.cat([x, skip], 1)))
