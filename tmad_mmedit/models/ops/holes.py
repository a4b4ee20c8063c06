"""Masks: what lies near a hole, and which cells of a grid it touches."""
import torch.nn.functional as F
from torch import Tensor


def dilated(mask: Tensor, width: int) -> Tensor:
    """Return the hole and what is at most ``width`` pixels from it, along rows
    and columns.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        width (int): In pixels, 0 or more.
    """
    # down, then across: of a square at once the time grows with its area
    down = F.max_pool2d(mask[None], (2 * width + 1, 1), 1, (width, 0))
    return F.max_pool2d(down, (1, 2 * width + 1), 1, (0, width))[0]


def touched(mask: Tensor, size: int) -> Tensor:
    """Return which cells of a grid of ``size`` x ``size`` pixels touch the
    hole: (..., H, W), 1 = hole, to (..., ceil(H / size), ceil(W / size)),
    bool."""
    return F.max_pool2d(mask, size, ceil_mode=True) > 0
