from collections.abc import Sequence
from typing import Optional

from torch import Tensor, nn

from ..ops.blocks import Conv, DownBlock, ResBlock, UpBlock, channels_last
from ..ops.window import Window, whole
from ..ops.windowed import window_of_output, windows_needed


class TMADCoarseNet(nn.Module):
    """The coarse network of Sec. III-A and Table I, an ``encdec`` as
    MMEditing's one-stage inpaintors take it.

    One input conv, a down-block per further width, dilated residual blocks, as
    many up-blocks, one linear output conv.

    >>> import torch
    >>> net = TMADCoarseNet(widths=(4, 8), dilations=(1, 2))
    >>> net(torch.zeros(1, 4, 16, 24)).shape
    torch.Size([1, 3, 16, 24])

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
        self.conv_in = Conv(in_channels, widths[0])
        self.down = nn.Sequential(*map(DownBlock, widths[:-1], widths[1:]))
        self.res = nn.Sequential(*(ResBlock(widths[-1], d) for d in dilations))
        self.up = nn.Sequential(
            *map(UpBlock, widths[:0:-1], widths[-2::-1]))
        # ConvModule's initialisation is made for activated layers
        self.conv_out = nn.Conv2d(widths[0], out_channels, 3, padding=1)
        channels_last(self)

    def forward(self, x: Tensor, window: Optional[Window] = None) -> Tensor:
        """Estimate the whole image, or a window of it.

        Args:
            x (Tensor): ``[I_m, m]``, (N, in_channels, H, W), H and W
                divisible by ``divisor``.
            window (Window, optional): h x w pixels that are wanted alone.
                Defaults to None: all are.

        Returns:
            Tensor: I_c, (N, out_channels, H, W), unbounded, or (N,
            out_channels, h, w), the same in that window.

        Raises:
            ValueError: If the blocks cannot halve the size.
        """
        if x.shape[-2] % self.divisor or x.shape[-1] % self.divisor:
            raise ValueError(
                f'the coarse network halves its input {len(self.down)} times '
                f'and got {tuple(x.shape[-2:])} pixels: pad to a multiple of '
                f'{self.divisor}.')
        if window is not None:
            return self._estimate(x, window)
        x = self.res(self.down(self.conv_in(x)))
        return self.conv_out(self.up(x))

    def _estimate(self, x: Tensor, window: Window) -> Tensor:
        """A window of I_c, from no more of the picture than it depends on."""
        picture = whole(x)
        windows = windows_needed(window, picture, len(self.up))
        smallest = picture.reduced(self.divisor)
        part = windows[0].grown(self.reach, smallest)
        x = part.scaled(self.divisor).cut(x)
        x = self.res(self.down(self.conv_in(x)))
        windows[0] = part
        return window_of_output(self.up, self.conv_out, x, windows, window)
