"""Cells of the s-grid and the windows around them (Sec. III-C).

The grid starts at the top left pixel; where the image is no multiple of s, the
last row and column of cells reach over its border, onto its reflection.
"""
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.cells import Cells
from ..ops.gather import mirrored
from ..ops.holes import touched


def hole_cells(mask: Tensor, size: int) -> Tensor:
    """Find the cells that touch the hole.

    Args:
        mask (Tensor): (N, 1, H, W), 1 = hole.
        size (int): s.

    Returns:
        Tensor: (N, ceil(H / s), ceil(W / s)), bool.
    """
    return touched(mask, size)[:, 0]


def select_cells(hole: Tensor, size: int) -> Cells:
    """Select all cells that touch the hole, as prediction needs them.

    Args:
        hole (Tensor): From :func:`hole_cells`.
        size (int): s.
    """
    image, row, column = hole.nonzero().unbind(1)
    return Cells(image, row * size, column * size)


def sample_cells(hole: Tensor,
                 size: int,
                 count: int,
                 generator: Optional[torch.Generator] = None) -> Cells:
    """Draw the same number of cells from every image, as training needs them.

    Hole cells first, in random order; if they are fewer than count, known
    cells complement them (Sec. IV, implementation details).

    Args:
        hole (Tensor): From :func:`hole_cells`.
        size (int): s.
        count (int): P per image; images with fewer cells give all they have.
        generator (torch.Generator, optional): On the CPU.

    Returns:
        Cells: N * P cells, image by image.
    """
    n, _, columns = hole.shape
    hole = hole.flatten(1)
    draw = torch.rand(hole.shape, generator=generator)
    rank = hole + draw.to(hole.device, non_blocking=True)
    cell = rank.topk(min(count, hole.shape[1])).indices
    image = torch.arange(n, device=hole.device)[:, None].expand_as(cell)
    cell = cell.flatten()
    row = cell.div(columns, rounding_mode='floor')
    return Cells(image.flatten(), row * size, cell % columns * size)


def extract(x: Tensor, cells: Cells, size: int, margin: int = 0) -> Tensor:
    """Cut cells out of images, with what surrounds them.

    Args:
        x (Tensor): (N, C, H, W).
        cells (Cells): P cells.
        size (int): s.
        margin (int): Pixels around each cell. Defaults to 0.

    Returns:
        Tensor: (P, C, s + 2 margin, s + 2 margin).
    """
    span = torch.arange(-margin, size + margin, device=x.device)
    rows = mirrored(cells.top[:, None] + span, x.shape[-2])
    columns = mirrored(cells.left[:, None] + span, x.shape[-1])
    channels = torch.arange(x.shape[1], device=x.device)
    return x[cells.image[:, None, None, None], channels[:, None, None],
             rows[:, None, :, None], columns[:, None, None, :]]


def paste(x: Tensor, patches: Tensor, cells: Cells) -> Tensor:
    """Put patches into their cells, the inverse of :func:`extract`.

    Args:
        x (Tensor): (N, C, H, W).
        patches (Tensor): (P, C, s, s).
        cells (Cells): P cells of the grid.

    Returns:
        Tensor: (N, C, H, W), x where there is no cell of ``cells``.
    """
    (n, c, height, width), s = x.shape, patches.shape[-1]
    x = F.pad(x, (0, -width % s, 0, -height % s))
    rows, columns = x.shape[-2] // s, x.shape[-1] // s
    grid = x.view(n, c, rows, s, columns, s).permute(0, 2, 4, 1, 3, 5)
    row, column = (
        place.div(s, rounding_mode='floor') for place in cells[1:])
    grid = grid.index_put((cells.image, row, column), patches.to(x.dtype))
    x = grid.permute(0, 3, 1, 4, 2, 5).reshape(n, c, rows * s, columns * s)
    return x[..., :height, :width]
