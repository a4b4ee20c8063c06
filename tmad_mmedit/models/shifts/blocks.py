"""The blocks of a hole, each of which shows one entry of a shift memory."""
from typing import NamedTuple

import torch
from torch import Tensor

from ..ops.holes import dilated, touched


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

    def pixels(self, step: int = 1) -> Tensor:
        """(B, P, 2), each ``step``-th pixel down and across of each block, in
        the image."""
        span = torch.arange(0, self.size, step, device=self.place.device)
        return self.first_pixel()[:, None] + torch.cartesian_prod(span, span)

    def numbers(self) -> Tensor:
        """(rows, columns), which of the B blocks is where, -1 for none."""
        index = self.place.new_full((self.rows, self.columns), -1)
        index[tuple(self.place.T)] = torch.arange(
            len(self.place), device=index.device)
        return index


def fitting_size(mask: Tensor, size: int) -> int:
    """Return the size of a hole's blocks: ``size``, or half of it where the
    hole is thin, where nothing of it is left 3/2 ``size`` from its edge; mask
    (1, H, W)."""
    thick = dilated(1 - mask, 3 * size // 2) == 0
    return size if thick.any() else size // 2


def hole_blocks(mask: Tensor, size: int) -> Blocks:
    """Cut a hole into blocks.

    Args:
        mask (Tensor): (1, H, W), 1 = hole, somewhere.
        size (int): b.
    """
    hole = mask[0].nonzero()
    top, left = hole.amin(0).tolist()
    bottom, right = hole.amax(0).tolist()
    part = mask[:, top:bottom + 1, left:right + 1]
    grid = touched(part, size)[0]
    rows, columns = grid.shape
    return Blocks(size, top, left, rows, columns, grid.nonzero())


def checkerboard(blocks: Blocks) -> Tensor:
    """Return 0 or 1 for each block as on a chessboard, (B, )."""
    return blocks.place.sum(1) % 2


def to_pixels(blocks: Blocks, values: Tensor,
              mask: Tensor) -> tuple[Tensor, Tensor]:
    """Give values of blocks (B, C) to the hole's pixels: the pixels (P, 2)
    and (P, C)."""
    pixels = mask[0].nonzero()
    place = (pixels - pixels.new_tensor([blocks.top, blocks.left])).div(
        blocks.size, rounding_mode='floor')
    return pixels, values[blocks.numbers()[tuple(place.T)]]
