from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


class Cells(NamedTuple):
    """Where P windows of s x s pixels lie in a batch of images.

    Attributes:
        image (Tensor): (P, ), the image each belongs to.
        top (Tensor): (P, ), row of its first pixel.
        left (Tensor): (P, ), its column.
    """
    image: Tensor
    top: Tensor
    left: Tensor

    def moved(self, down: int, right: int) -> 'Cells':
        """The same, in images that begin so many pixels earlier."""
        return Cells(self.image, self.top + down, self.left + right)


def reflect(x: Tensor, left: int, right: int, top: int, bottom: int) -> Tensor:
    """Pad (N, C, H, W) by reflection, or, where the image is too small to be
    reflected that far, by its border pixels."""
    fits = max(left, right) < x.shape[-1] and max(top, bottom) < x.shape[-2]
    return F.pad(x, (left, right, top, bottom),
                 'reflect' if fits else 'replicate')
