"""Long thin holes, cut into pieces: what matters to a piece of a wire or a
scribble is what lies beside it, not what lies at the other end."""
import torch
import torch.nn.functional as F
from torch import Tensor

from .ops.holes import dilated

# A hole is cut that is so many times as long as wide; a piece is so many times
# as long as its hole is wide
LONG, WIDE = 3, 2


def pieces(hole: Tensor, side: int) -> list[Tensor]:
    """Cut a long thin hole into pieces of about the same size.

    Args:
        hole (Tensor): (1, h, w), 1 = hole, all of one hole and of no other,
            cut to its box.
        side (int): In pixels, how long a piece is about, at least.

    Returns:
        list[Tensor]: (h, w), bool, the pieces, row by row; the hole itself,
        if it is short or wide.
    """
    own, longer = hole[0].bool(), max(hole.shape[-2:])
    wide = width(hole, longer // LONG + 1)
    side = max(side, WIDE * wide)
    if longer <= max(side, LONG * wide):
        return [own]
    # those pixels go together that are nearest to the middle of what lies in
    # one cell of a grid; cells with scraps have none
    pixels = own.nonzero()
    _, cell, count = pixels.div(side, rounding_mode='floor').unique(
        dim=0, return_inverse=True, return_counts=True)
    middles = pixels.new_zeros(len(count), 2).index_add_(
        0, cell, pixels).float() / count[:, None]
    middles = middles[2 * count * len(count) >= count.sum()]
    nearest = torch.cat([
        torch.cdist(part.float(), middles, p=torch.inf).argmin(1)
        for part in pixels.split(2**16)])
    number = torch.full_like(own, -1, dtype=torch.long)
    number[tuple(pixels.T)] = nearest
    return [number == i for i in range(len(middles))]


def width(hole: Tensor, most: int) -> int:
    """Return how wide a hole (1, h, w) is where it is widest: twice the way
    to its edge, along rows and columns; ``most`` if it is wider."""
    known = F.pad(1 - hole, (1, 1, 1, 1), value=1)
    for half in range(1, most // 2 + 1):
        known = dilated(known, 1)
        if known.all():
            return 2 * half
    return most
