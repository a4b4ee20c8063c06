from typing import Callable, Optional

import torch
from torch import Tensor, nn

from ..ops.cells import reflect
from ..ops.reduction import enlarge, reduce
from ..ops.window import hole_window, size_of
from .coarse_net import TMADCoarseNet

Estimate = Callable[[Tensor, Tensor], Tensor]


class CoarseStage(nn.Module):
    """The coarse network on pictures of any size (Sec. III-A).

    >>> stage = CoarseStage(TMADCoarseNet(widths=(4, 4), dilations=(1, )))
    >>> stage(torch.zeros(1, 3, 31, 17), torch.ones(1, 1, 31, 17)).shape
    torch.Size([1, 3, 31, 17])

    Args:
        net (TMADCoarseNet): Masked image and mask, (N, 4, H, W), to
            (N, 3, H, W).
    """

    frozen = False

    def __init__(self, net: TMADCoarseNet) -> None:
        super().__init__()
        self.net = net

    def forward(self,
                masked_img: Tensor,
                mask: Tensor,
                max_pixels: Optional[int] = None,
                hole_only: bool = False) -> Tensor:
        """Estimate the whole image.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W), RGB in [-1, 1], 0 in the
                hole.
            mask (Tensor): (N, 1, H, W), 1 = hole.
            max_pixels (int, optional): Of a larger image the network sees
                a copy reduced to so many. Defaults to None: it never does.
            hole_only (bool): The estimate of hole pixels is all that is
                wanted: of known pixels it may not be made. Defaults to False.

        Returns:
            Tensor: I_c, (N, 3, H, W), RGB. Of a reduced copy it is enlarged,
            and the copy's known pixels in it are as the image shows them.
            With ``hole_only``, what known pixels have is of no meaning.
        """
        fill = self._estimate_hole if hole_only else self._estimate

        def margins(height: int, width: int) -> tuple[int, int]:
            return -height % self.net.divisor, -width % self.net.divisor

        return estimate_reduced(fill, masked_img, mask, max_pixels, margins)

    def _estimate(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        return self.net(torch.cat([masked_img, mask], 1))

    def _estimate_hole(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        return estimate_window(self.net, masked_img, mask)


def estimate_window(net: TMADCoarseNet, x: Tensor, mask: Tensor) -> Tensor:
    """Estimate the window around the holes alone.

    Args:
        net (TMADCoarseNet): Makes a window at a time.
        x (Tensor): The masked images, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.

    Returns:
        Tensor: (N, 3, H, W), ``x`` outside that window.
    """
    window = hole_window(mask)
    made = net(torch.cat([x, mask], 1), window)
    out = x.to(made.dtype, copy=True)
    window.cut(out).copy_(made)
    return out


def estimate_reduced(
        estimate: Estimate, masked_img: Tensor, mask: Tensor,
        max_pixels: Optional[int],
        margins: Callable[[int, int], tuple[int, int]]) -> Tensor:
    """Let a network see a copy of a size that it takes.

    Args:
        estimate (Callable): Masked images and masks to images.
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        max_pixels (int, optional): Of the copy; None for any number.
        margins (Callable): Height and width to the rows and columns that the
            copy must grow by.

    Returns:
        Tensor: (N, 3, H, W); see :meth:`CoarseStage.forward`.
    """
    size = size_of(mask)
    masked_img, mask = reduce(masked_img, mask, max_pixels)
    height, width = size_of(mask)
    below, right = margins(height, width)
    x = estimate(*(reflect(x, 0, right, 0, below)
                   for x in (masked_img, mask)))[..., :height, :width]
    if size_of(x) == size:
        return x
    return enlarge(masked_img.where(mask == 0, x), size)
