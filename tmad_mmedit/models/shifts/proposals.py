"""What a labelling by blocks leaves to better: pieces that lie a pixel or two
beside each other, and cuts along the blocks' borders. Blocks choose again
among what is near (propagation and local search, as PatchMatch's; PMBP, Besse
et al., 2012)."""
import torch
from torch import Tensor

from ..ops.neighbours import square_offsets
from .blocks import Blocks


def local_proposals(chosen: Tensor, blocks: Blocks, finer: Blocks,
                     reach: int, size: tuple[int, int]) -> Tensor:
    """Propose shifts that a block chooses among next: its own, those of its
    neighbours, and its own moved by a few pixels.

    Args:
        chosen (Tensor): (B, 2), the shifts of blocks; 0 for none.
        blocks (Blocks): B of them.
        finer (Blocks): B' of them, of the same or of half the size. One of
            half the size has the three neighbours that it lies beside, one of
            the same size eight.
        reach (int): In pixels: how far, in eight directions.
        size (tuple[int, int]): Of the image; shifts stay shorter.

    Returns:
        Tensor: (B', L, 2).
    """
    grid = chosen.new_zeros(blocks.rows + 2, blocks.columns + 2, 2)
    grid[tuple((blocks.place + 1).T)] = chosen
    device = chosen.device
    if finer.size == blocks.size:
        around = square_offsets(1, device).expand(len(finer.place), -1, -1)
    else:
        one = torch.arange(2, device=device)
        around = (finer.place % 2 * 2 - 1)[:, None] * torch.cartesian_prod(
            one, one)
    parent = (finer.place * finer.size).div(
        blocks.size, rounding_mode='floor')
    near = grid[tuple((parent[:, None] + around + 1).unbind(2))]
    own = grid[tuple((parent + 1).T)]
    star = square_offsets(1, device)
    star = star[star.any(1)]
    moves = torch.cat([k * star for k in range(1, reach + 1)] or [star[:0]])
    limit = chosen.new_tensor(size) - 1
    moved = torch.minimum(torch.maximum(own[:, None] + moves, -limit), limit)
    return torch.cat([near, moved], 1)
