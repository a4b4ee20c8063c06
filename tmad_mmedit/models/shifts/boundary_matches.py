"""The entries that continue what is known around a block: where it recurs, so
may what is missing. Ours; the method's section 8 has the other entries."""
import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.neighbours import square_offsets
from .blocks import Blocks
from .costs import UNKNOWN, CostMaps, unary_costs

REDUCED = 2  # times: the copy that is searched


@torch.no_grad()
def boundary_matches(maps: CostMaps,
                      blocks: Blocks,
                      count: int,
                      width: int,
                      at_once: int = 2**22) -> Tensor:
    """Find the shifts at which a block's known surroundings are most alike.

    On a copy of half the size all places that can show something for the
    whole block are compared, by the squared difference of what is known here
    and there; the best, no two side by side, are then moved by up to a pixel
    at full size.

    Args:
        maps (CostMaps): Of the image.
        blocks (Blocks): B of them.
        count (int): L, of each block, at most.
        width (int): How far around a block, in pixels.
        at_once (int): Comparisons at a time, which bounds the memory.

    Returns:
        Tensor: (B, L, 2), long; 0 for a block with fewer than b known pixels
        around it.
    """
    img, known, places = _reduced(maps, blocks.size // REDUCED)
    count = min(count, len(places))
    shifts = blocks.place.new_zeros(len(blocks.place), count, 2)
    # a block, which may begin between two pixels of the copy, and a margin
    margin = -(-width // REDUCED)
    side = blocks.size // REDUCED + 1 + 2 * margin
    first = blocks.first_pixel().div(REDUCED, rounding_mode='floor')
    near = _windows(known, first, margin, side).sum(1)
    rim = (near * REDUCED**2 >= blocks.size).nonzero()[:, 0]
    if not (count and len(rim)):
        return shifts
    # known here |I - I'|^2 known there + UNKNOWN where only here: but for
    # what is the same everywhere, a product of what is here and what there
    square = img.square().sum(0, keepdim=True)
    one = torch.ones_like(square)
    here = _windows(known * torch.cat([one, -2 * img, square - UNKNOWN]),
                    first[rim], margin, side)
    there = _windows(known * torch.cat([square, img, one]), places, margin,
                     side)
    found = torch.cat([
        _cheapest_apart(part @ there.T, places, count)
        for part in here.split(max(at_once // len(places), 1))
    ])
    shifts[rim] = _moved(maps, (found - first[rim, None]) * REDUCED,
                         blocks._replace(place=blocks.place[rim]), width)
    return shifts


def _reduced(maps: CostMaps, side: int) -> tuple[Tensor, Tensor, Tensor]:
    """Make a copy: the known pixels' colours (3, h, w), how much is known
    (1, h, w), and the places (P, 2) where ``side`` x ``side`` pixels begin of
    which all may be copied."""
    img, known = maps.known.image()[None].split([3, 1], 1)
    lost = F.max_pool2d(maps.barred[None], REDUCED, ceil_mode=True)[0]
    lost = F.pad(lost, (0, side - 1, 0, side - 1), value=1)
    img = F.avg_pool2d(img * known, REDUCED, ceil_mode=True)[0]
    known = F.avg_pool2d(known, REDUCED, ceil_mode=True)[0]
    places = F.max_pool2d(lost[None], side, 1)[0, 0] == 0
    return img / known.clamp(min=1 / REDUCED**2), known, places.nonzero()


def _windows(x: Tensor, first: Tensor, margin: int, side: int) -> Tensor:
    """Cut squares of x (C, h, w), ``margin`` pixels before the places (B, 2)
    on, 0 beyond x: (B, C side^2)."""
    x = F.pad(x, (margin, side, margin, side))
    squares = x.unfold(1, side, 1).unfold(2, side, 1)[
        :, first[:, 0], first[:, 1]]
    return squares.transpose(0, 1).flatten(1)


def _cheapest_apart(cost: Tensor, places: Tensor, count: int) -> Tensor:
    """Find the places (P, 2) of the least costs (B, P), no two side by side:
    (B, count, 2). The costs are lost."""
    number = places.new_full(tuple((places.amax(0) + 3).tolist()), -1)
    number[tuple((places + 1).T)] = torch.arange(
        len(places), device=places.device)
    around = 1 + square_offsets(1, places.device)
    found = []
    for _ in range(count):
        best = cost.argmin(1)
        found.append(places[best])
        beside = number[tuple((found[-1][:, None] + around).unbind(2))]
        cost.scatter_(1, beside.where(beside >= 0, best[:, None]), torch.inf)
    return torch.stack(found, 1)


def _moved(maps: CostMaps, shifts: Tensor, blocks: Blocks,
           width: int) -> Tensor:
    """Move shifts (B, L, 2) by what the copy did not show, to where the
    surroundings are most alike."""
    moved = shifts[:, :, None] + square_offsets(REDUCED - 1, shifts.device)
    cost = unary_costs(maps, moved.flatten(1, 2), blocks, guidance=0., rim=1.,
                       rim_width=width).unflatten(1, moved.shape[1:3])
    best = cost.argmin(2)[:, :, None, None]
    return moved.take_along_dim(best, 2)[:, :, 0]
