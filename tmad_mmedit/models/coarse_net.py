from typing import Sequence

import torch
from mmedit.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from .blocks import DownBlock, ResBlock, UpBlock, conv
from .window import hole_window, whole


@MODELS.register_module()
class TMADCoarseNet(BaseModule):
    """The coarse network of Sec. III-A and Table I, an ``encdec`` as
    MMEditing's one-stage inpaintors take it.

    One input conv, a down-block per further width, dilated residual blocks, as
    many up-blocks, one linear output conv.

    In eval mode it estimates no more than the window around the hole, from no
    more of the picture than that window depends on.

    Args:
        in_channels (int): Masked image and mask. Defaults to 4.
        out_channels (int): Defaults to 3.
        widths (Sequence[int]): Channels at full size, 1/2, 1/4, ...
        dilations (Sequence[int]): Of the residual blocks, one block each.
    """

    def __init__(self,
                 in_channels: int = 4,
                 out_channels: int = 3,
                 widths: Sequence[int] = (32, 64, 96, 96),
                 dilations: Sequence[int] = (1, 2, 4, 8, 1, 2, 4, 8)) -> None:
        super().__init__()
        self.divisor = 2**(len(widths) - 1)
        # of the smallest map: two convs a residual block, and less than two
        # pixels for the input conv and the down-blocks
        self.reach = sum(dilations) + len(dilations) + 2
        self.conv_in = conv(in_channels, widths[0])
        self.down = nn.Sequential(*map(DownBlock, widths[:-1], widths[1:]))
        self.res = nn.Sequential(*(ResBlock(widths[-1], d) for d in dilations))
        self.up = nn.Sequential(
            *map(UpBlock, widths[:0:-1], widths[-2::-1]))
        # ConvModule's initialisation is made for activated layers
        self.conv_out = nn.Conv2d(widths[0], out_channels, 3, padding=1)
        self.to(memory_format=torch.channels_last)  # the faster one on CPUs

    def forward(self, x: Tensor) -> Tensor:
        """Estimate the whole image.

        Args:
            x (Tensor): ``[I_m, m]``, (N, in_channels, H, W), H and W
                divisible by ``divisor``.

        Returns:
            Tensor: I_c, (N, out_channels, H, W), unbounded. In eval mode it
            is I_m outside the window around the holes.

        Raises:
            ValueError: If the blocks cannot halve the size.
        """
        if x.shape[-2] % self.divisor or x.shape[-1] % self.divisor:
            raise ValueError(
                f'the coarse network halves its input {len(self.down)} times '
                f'and got {tuple(x.shape[-2:])} pixels: pad to a multiple of '
                f'{self.divisor}.')
        picture = whole(x)
        hole = picture if self.training else hole_window(x[:, -1:])
        windows = [hole.grown(1, picture)]  # of the up-blocks' outputs
        for block in reversed(self.up):
            picture = picture.reduced(2)
            windows.append(block.needs(windows[-1], picture))
        part = windows.pop().grown(self.reach, picture)
        y = part.scaled(self.divisor).cut(x)
        y = self.res(self.down(self.conv_in(y)))
        for block, window in zip(self.up, reversed(windows)):
            y = block(y, window.seen_from(part.scaled(2)))
            part = window
        y = hole.seen_from(part).cut(self.conv_out(y))
        if self.training:
            return y
        estimate = x[:, :y.shape[1]].to(y.dtype, copy=True)
        hole.cut(estimate).copy_(y)
        return estimate
