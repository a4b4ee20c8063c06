"""The blocks of a hole, each of which shows one entry of a shift memory."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .shown import Shown


class Blocks(NamedTuple):
    """The b x b blocks that touch a hole, on a grid that begins with it.

    Attributes:
        size (int): b.
        top, left (int): First pixel of the grid; it may end beyond the image.
        rows, columns (int): Of the grid.
        place (Tensor): (B, 2), row and column of each block in the grid.
    """
    size: int
    top: int
    left: int
    rows: int
    columns: int
    place: Tensor

    def first_pixel(self) -> Tensor:
        """(B, 2), row and column in the image."""
        return self.place * self.size + self.place.new_tensor(
            [self.top, self.left])

    def index(self) -> Tensor:
        """(rows, columns), which of the B blocks is where, -1 for none."""
        index = self.place.new_full((self.rows, self.columns), -1)
        index[tuple(self.place.T)] = torch.arange(
            len(self.place), device=index.device)
        return index


def hole_blocks(mask: Tensor, size: int) -> Blocks:
    """The blocks of a hole, of half the size where it is thin: where nothing
    of it is left 3/2 b from its edge.

    Args:
        mask (Tensor): (1, H, W), 1 = hole, somewhere.
        size (int): b, even.
    """
    thickness = 3 * size + 1
    eroded = -F.max_pool2d(-mask[None], thickness, 1, thickness // 2)
    if not eroded.any():
        size = size // 2
    hole = mask[0].nonzero()
    top, left = hole.amin(0).tolist()
    bottom, right = hole.amax(0).tolist()
    part = mask[:, top:bottom + 1, left:right + 1]
    touched = F.max_pool2d(part, size, ceil_mode=True)[0]
    return Blocks(size, top, left, *touched.shape, touched.nonzero())


def hole_area(mask: Tensor, blocks: Blocks) -> Tensor:
    """(B, ), which part of each block is hole, in (0, 1]; mask (1, H, W)."""
    b = blocks.size
    grid = Shown.of(mask, b).windows(
        blocks.place.new_zeros(1, 2), blocks.top, blocks.left,
        blocks.rows * b, blocks.columns * b)[0]
    return F.avg_pool2d(grid, b)[0][tuple(blocks.place.T)]


def colours(blocks: Blocks) -> Tensor:
    """(B, ), 0 or 1, as on a chessboard."""
    return blocks.place.sum(1) % 2


def spread(blocks: Blocks, values: Tensor,
           mask: Tensor) -> tuple[Tensor, Tensor]:
    """Values of blocks (B, C) to the hole's pixels: the pixels (P, 2) and
    (P, C)."""
    pixels = mask[0].nonzero()
    place = (pixels - pixels.new_tensor([blocks.top, blocks.left])).div(
        blocks.size, rounding_mode='floor')
    return pixels, values[blocks.index()[tuple(place.T)]]
