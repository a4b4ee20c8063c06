from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ..ops.blocks import Conv, DownBlock, ResBlock, UpBlock, channels_last
from ..ops.blur import gaussian_blur
from ..ops.window import Window
from ..ops.windowed import window_of_output, windows_needed


class PSNet(nn.Module):
    """The patch synthesis network of Sec. III-C and Table I.

    The backbone sees a patch with its surroundings, the texture encoder the K
    retrieved textures; two skips carry the textures' features, at s/4 and s/2,
    into the backbone. With s = 32 the backbone runs 64-32-16-8-16-32-64, where
    the first halving is the input conv's stride (Table I has two down-blocks
    and three up-blocks), and the texture encoder 32-16-8.

    >>> net = PSNet(num_textures=2, widths=(4, 4, 4), up_widths=(4, 4, 4))
    >>> context, textures = torch.zeros(5, 4, 64, 64), torch.zeros(
    ...     5, 2, 3, 32, 32)
    >>> net(context, textures).shape
    torch.Size([5, 3, 32, 32])

    Args:
        num_textures (int): K. Defaults to 4.
        in_channels (int): Of context: I_comp and mask. Defaults to 4.
        out_channels (int): Of textures and patches. Defaults to 3.
        widths (Sequence[int]): Channels of both encoders.
        up_widths (Sequence[int]): Channels of the three up-blocks.
        num_res_blocks (int): In the backbone. Defaults to 5.
        num_texture_res_blocks (int): In the encoder. Defaults to 2.
        detail (float, optional): What is made is added to what the context
            shows of the patch and, in the hole, to the textures' fine detail,
            which is what a Gaussian of so many pixels takes from them. Which
            of the K it is, the network says at each pixel; at first it is the
            best one's. Not the paper's, whose skips end at s/2, so that
            little of a texture can reach the patch. Defaults to None: the
            paper's network, which paints from nothing.
    """

    def __init__(self,
                 num_textures: int = 4,
                 in_channels: int = 4,
                 out_channels: int = 3,
                 widths: Sequence[int] = (32, 64, 96),
                 up_widths: Sequence[int] = (64, 32, 32),
                 num_res_blocks: int = 5,
                 num_texture_res_blocks: int = 2,
                 detail: Optional[float] = None) -> None:
        super().__init__()
        self.num_textures = num_textures
        self.detail = detail
        wide, half, quarter = widths
        up1, up2, up3 = up_widths
        self.conv_in = Conv(in_channels, wide, stride=2)
        self.down = nn.Sequential(
            DownBlock(wide, half), DownBlock(half, quarter))
        self.res = nn.Sequential(
            *(ResBlock(quarter) for _ in range(num_res_blocks)))
        self.texture_half = nn.Sequential(
            Conv(out_channels * num_textures, wide), DownBlock(wide, half))
        self.texture_quarter = nn.Sequential(
            DownBlock(half, quarter),
            *(ResBlock(quarter) for _ in range(num_texture_res_blocks)))
        self.up1 = UpBlock(2 * quarter, up1)
        self.up2 = UpBlock(up1 + half, up2)
        self.up3 = UpBlock(up2, up3)
        gates = num_textures if detail else 0
        self.conv_out = nn.Conv2d(up3, out_channels + gates, 3, padding=1)
        if detail:
            bias = torch.zeros(out_channels + gates)
            bias[out_channels] = 4.
            self.conv_out.bias = nn.Parameter(bias)
            nn.init.zeros_(self.conv_out.weight)
        channels_last(self)

    def forward(self, context: Tensor, textures: Tensor) -> Tensor:
        """Synthesise patches.

        Args:
            context (Tensor): 2s x 2s windows of I_comp and mask around the
                patches, (P, in_channels, 2s, 2s), s a multiple of 4.
            textures (Tensor): (P, K, out_channels, s, s), in [-1, 1].

        Returns:
            Tensor: (P, out_channels, s, s), unbounded.

        Raises:
            ValueError: If s cannot be halved twice, or K is another.
        """
        s = textures.shape[-1]
        if s % 4 or context.shape[-1] != 2 * s:
            raise ValueError(
                f'PSNet got textures of {s} and windows of '
                f'{context.shape[-1]} pixels: expected s, a multiple of 4, '
                'and 2s. Set patch_size of the retriever accordingly.')
        if textures.shape[1] != self.num_textures:
            raise ValueError(
                f'PSNet was built for num_textures={self.num_textures} and '
                f"got {textures.shape[1]}: set it to the retriever's top_k (1 "
                "in mode 'weighted_sum').")
        half = self.texture_half(textures.flatten(1, 2))
        quarter = self.texture_quarter(half)
        x = self.res(self.down(self.conv_in(context)))
        x = self.up1(torch.cat([x, quarter], 1))
        x = torch.cat([x, half], 1)
        x = self._centre(x, s)  # of conv_out(up3(up2(x)))
        if self.detail is None:
            return x
        return self._on_detail(x, context, textures, self.detail)

    def _on_detail(self, x: Tensor, context: Tensor, textures: Tensor,
                   sigma: float) -> Tensor:
        """Add a correction to what the context shows and to the textures'
        fine detail.

        Args:
            x (Tensor): (P, out_channels + K, s, s), a correction and logits.
            context, textures (Tensor): See :meth:`forward`.
            sigma (float): See ``detail``.
        """
        s, channels = x.shape[-1], textures.shape[2]
        shown = context[..., s // 2:3 * s // 2, s // 2:3 * s // 2]
        gates = x[:, channels:, None].float().softmax(1)
        low = gaussian_blur(textures.flatten(0, 1), sigma)
        fine = (gates * (textures - low.view_as(textures))).sum(1)
        return x[:, :channels] + shown[:, :-1] + shown[:, -1:] * fine

    def _centre(self, x: Tensor, s: int) -> Tensor:
        """The last layers; of their 2s x 2s pixels the central s x s are kept,
        and no others computed.

        Args:
            x (Tensor): The input of ``up2``, (P, C, s/2, s/2).
            s (int): Of the patches.

        Returns:
            Tensor: (P, out_channels, s, s).
        """
        centre = Window(s // 2, 3 * s // 2, s // 2, 3 * s // 2)
        windows = windows_needed(centre, Window(0, 2 * s, 0, 2 * s), 2)
        x = windows[0].cut(x)
        return window_of_output((self.up2, self.up3), self.conv_out, x,
                                windows, centre)
