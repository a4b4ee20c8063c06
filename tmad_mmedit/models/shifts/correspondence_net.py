from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..ops.attention import SelfAttention
from ..ops.blocks import Conv, ResBlock, channels_last
from ..ops.reduction import reduce
from ..ops.window import size_of


class Correspondence(NamedTuple):
    """What Eq. (3) compares, for every place of a batch of images.

    Attributes:
        theta (Tensor): What a place asks for, (N, D, h, w), of length 1.
        phi (Tensor): What a place shows, (N, D, h, w), of length 1.
        scale (Tensor): 1 / tau, a scalar.
        pixel (tuple[float, float]): Image pixels to a pixel of these maps,
            down and across.
    """
    theta: Tensor
    phi: Tensor
    scale: Tensor
    pixel: Sequence[float]

    def seen_on(self, size: Sequence[int],
                copy: Sequence[int]) -> 'Correspondence':
        """The same for places of a copy (h, w) of the images (H, W)."""
        pixel = [p / whole * part
                 for p, whole, part in zip(self.pixel, size, copy)]
        return self._replace(pixel=pixel)

    def log_weights(self, image: int, y: Tensor, x: Tensor,
                    shifts: Tensor) -> Tensor:
        """log a of Eq. (3), each place's memory being what the image shows at
        M shifts from it.

        Args:
            image (int): Which of the N.
            y, x (Tensor): P places in the image, in pixels.
            shifts (Tensor): (M, 2), down and right, or (P, M, 2), of each
                place its own.

        Returns:
            Tensor: (P, M); its exponentials sum to 1 over M.
        """
        theta = _sample(self.theta[image], y, x, self.pixel)  # (D, P)
        phi = _sample(self.phi[image], y[:, None] + shifts[..., 0],
                      x[:, None] + shifts[..., 1], self.pixel)  # (D, P, M)
        similarity = (theta[:, :, None] * phi).sum(0)
        return (similarity * self.scale).log_softmax(1)


class CorrespondenceNet(nn.Module):
    """theta and phi of Eq. (3) for all places at once (method, section 8).

    Not the paper's two shallow nets: these see the whole picture, so that a
    place in the hole can ask for what its surroundings and the coarse result
    let expect. One trunk, a quarter of its input's size, and two 1 x 1 heads.

    >>> net = CorrespondenceNet((4, 4, 8), dilations=(1, ), attention=())
    >>> net(torch.zeros(1, 3, 64, 32), torch.ones(1, 1, 64, 32)).theta.shape
    torch.Size([1, 64, 16, 8])

    Args:
        widths (Sequence[int]): Channels at full, half and quarter size.
        dilations (Sequence[int]): Of the residual blocks, one block each.
        attention (Sequence[int]): After which of these blocks, from 0, each
            place also looks at all others.
        embed_channels (int): D, the length of theta and phi.
        max_pixels (int): It sees a copy reduced to so many, as it was
            trained; the memory for attention grows with their square.
    """

    def __init__(self,
                 widths: Sequence[int] = (32, 64, 112),
                 dilations: Sequence[int] = (1, 2, 4, 8, 1, 2, 4, 8, 1, 2),
                 attention: Sequence[int] = (3, 7),
                 embed_channels: int = 64,
                 max_pixels: int = 128 * 128) -> None:
        super().__init__()
        full, half, quarter = widths
        self.max_pixels = max_pixels
        self.conv_in = Conv(4, full)
        self.down = nn.Sequential(
            Conv(full, half, stride=2), Conv(half, quarter, stride=2))
        self.res = nn.Sequential()
        for i, dilation in enumerate(dilations):
            self.res.append(ResBlock(quarter, dilation))
            if i in attention:
                self.res.append(SelfAttention(quarter))
        self.theta = nn.Conv2d(quarter, embed_channels, 1)
        self.phi = nn.Conv2d(quarter, embed_channels, 1)
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        channels_last(self)

    def forward(self, comp: Tensor, mask: Tensor) -> Correspondence:
        """Embed every place of the images.

        Args:
            comp (Tensor): I_comp, (N, 3, H, W) in [-1, 1].
            mask (Tensor): (N, 1, H, W), 1 = hole.
        """
        height, width = mask.shape[-2:]
        known, hole = reduce(comp * (1 - mask), mask, self.max_pixels)
        guess = F.adaptive_avg_pool2d(comp, size_of(hole))
        x = torch.cat([guess.where(hole.bool(), known), hole], 1)
        pixel = height / x.shape[-2] * 4, width / x.shape[-1] * 4
        x = self.res(self.down(self.conv_in(x)))
        theta, phi = (
            F.normalize(head(x).float()) for head in (self.theta, self.phi))
        return Correspondence(theta, phi, self.log_scale.exp(), pixel)


def _sample(maps: Tensor, y: Tensor, x: Tensor,
            pixel: Sequence[float]) -> Tensor:
    """Maps (D, h, w) at places of the image, (...): (D, ...), of length 1;
    beyond the border they go on as they are there."""
    height, width = maps.shape[-2:]
    y, x = ((place + 0.5) / size / length * 2 - 1
            for place, size, length in zip((y, x), pixel, (height, width)))
    grid = torch.stack([x, y], -1).to(maps)
    sampled = F.grid_sample(
        maps[None],
        grid.reshape(1, -1, 1, 2),
        padding_mode='border',
        align_corners=False)
    return F.normalize(sampled[0, :, :, 0].unflatten(1, y.shape), dim=0)
