"""What it costs that a block of the hole shows an entry of a shift memory:
by itself, and beside its neighbours (method, section 8)."""
import torch
import torch.nn.functional as F
from torch import Tensor

from ..layers.blur import gaussian_blur, known_blur
from .blocks import Blocks
from .labels import Edges
from .shown import Shown

FORBIDDEN = 1e4  # of entries that are hole themselves, or outside


def block_costs(img: Tensor,
                mask: Tensor,
                comp: Tensor,
                shifts: Tensor,
                blocks: Blocks,
                guidance: float,
                rim: float,
                rim_width: int,
                sigma: float,
                at_once: int = 32) -> Tensor:
    """The unary costs but for the learned one.

    ``guidance * |G(I)(x + d) - G'(I_comp)(x)|^2`` over a block's hole pixels
    (G: Gaussian of sigma over known pixels, G' of 0.7 sigma), sampled, and
    ``rim * |I(x + d) - I(x)|^2`` over the known pixels near the hole that lie
    in the block or around it.

    Args:
        img, comp (Tensor): I_m and I_comp, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        shifts (Tensor): (M, 2), each shorter than the image.
        blocks (Blocks): B of them.
        guidance, rim (float): See above.
        rim_width (int): In pixels: how near.
        sigma (float): In pixels.
        at_once (int): Shifts at a time, which bounds the memory.

    Returns:
        Tensor: (B, M), at most ``FORBIDDEN``, which an entry costs that has a
        hole pixel, or what is outside, for a hole pixel of the block.
    """
    b = blocks.size
    known = 1 - mask
    low = known_blur(img[None], known[None], sigma)[0]
    guess = gaussian_blur(comp[None], 0.7 * sigma)[0]
    margin = max(mask.shape[-2:]) + rim_width + b
    maps = Shown.of(torch.cat([img, known, low, guess, mask]), margin)
    near = rim_of(mask, blocks, rim_width)
    costs = [
        guidance * _misled(maps, part, blocks) +
        rim * _unlike_rim(maps, part, *near) +
        FORBIDDEN * _lost(maps, part, blocks)
        for part in shifts.split(at_once)
    ]
    return torch.cat(costs).T.clamp(max=FORBIDDEN)


# Channels of the maps above
IMG_KNOWN, KNOWN, LOW, GUESS, HOLE = (
    slice(0, 4), slice(3, 4), slice(4, 7), slice(7, 10), slice(10, 11))


def _lost(maps: 'Shown', shifts: Tensor, blocks: Blocks) -> Tensor:
    """Whether an entry has nothing to show for a hole pixel: (M, B)."""
    window = (blocks.top, blocks.left, blocks.rows * blocks.size,
              blocks.columns * blocks.size)
    known = maps.channels(KNOWN).windows(shifts, *window)[:, 0] > 0
    hole = maps.channels(HOLE).windows(shifts.new_zeros(1, 2), *window) > 0
    lost = (hole[0] & ~known).unflatten(2, (-1, blocks.size))
    lost = lost.any(3).unflatten(1, (-1, blocks.size)).any(2)
    return lost[:, blocks.place[:, 0], blocks.place[:, 1]]


def _misled(maps: 'Shown', shifts: Tensor, blocks: Blocks) -> Tensor:
    """How far an entry's low frequencies are from the guess's: (M, B), a sum
    over hole pixels, by one sample in each quarter of a block: they are low
    frequencies."""
    step = blocks.size // 2
    rows, columns = 2 * blocks.rows, 2 * blocks.columns
    y = blocks.top + torch.arange(rows, device=shifts.device) * step
    x = blocks.left + torch.arange(columns, device=shifts.device) * step
    places = torch.stack(
        torch.meshgrid(y, x, indexing='ij'), -1) + step // 2
    hole = maps.channels(HOLE).windows(
        shifts.new_zeros(1, 2), blocks.top, blocks.left, rows * step,
        columns * step)
    area = F.avg_pool2d(hole, step, divisor_override=1)[0, 0]
    guess = maps.channels(GUESS).at(places)
    low = maps.channels(LOW).at(places + shifts[:, None, None])
    cost = area * (low - guess).square().sum(-1)
    cost = F.avg_pool2d(cost[:, None], 2, divisor_override=1)[:, 0]
    return cost[:, blocks.place[:, 0], blocks.place[:, 1]]


def _unlike_rim(maps: 'Shown', shifts: Tensor, rim: Tensor,
                beside: Tensor) -> Tensor:
    """How far an entry is from the known pixels near the hole, in a block and
    around it: (M, B), a sum over pixels."""
    maps = maps.channels(IMG_KNOWN)
    *own, _ = maps.at(rim).unbind(-1)
    *there, known = maps.at(rim + shifts[:, None]).unbind(-1)
    cost = sum((x - y).square() for x, y in zip(there, own)) * known
    return cost @ beside


def rim_of(mask: Tensor, blocks: Blocks,
           width: int) -> tuple[Tensor, Tensor]:
    """The known pixels near the hole, (P, 2), and which of the blocks each
    lies in or near, (P, B), 0 or 1; near is ``width`` pixels."""
    hole = mask[0].bool()
    near = F.max_pool2d(mask[None], 2 * width + 1, 1, width)[0, 0].bool()
    rim = (near & ~hole).nonzero()
    first = blocks.first_pixel() - width
    size = blocks.size + 2 * width
    inside = [(x[:, None] >= y) & (x[:, None] < y + size)
              for x, y in zip(rim.int().T, first.int().T)]
    return rim, (inside[0] & inside[1]).to(mask)


def seams(img: Tensor, shifts: Tensor, labels: Tensor, blocks: Blocks,
          change: float) -> list[Edges]:
    """What it costs that two neighbouring blocks show different entries: the
    distance of what both show along the two lines of pixels where they meet,
    ``sqrt(2 b) |I(x + d_i) - I(x + d_j)| + change``.

    Args:
        img (Tensor): (3, H, W).
        shifts (Tensor): (M, 2).
        labels (Tensor): (B, L), the entries that each block may show.
        blocks (Blocks): B of them.
        change (float): Against small pieces.

    Returns:
        list[Edges]: Between rows and between columns.
    """
    b, index = blocks.size, blocks.index()
    shown = Shown.of(img, max(img.shape[-2:]) + b)
    corner = blocks.first_pixel()
    along = torch.arange(b, device=img.device)
    edges = []
    for down in (True, False):
        ends = ((index[:-1], index[1:]) if down else
                (index[:, :-1], index[:, 1:]))
        both = (ends[0] >= 0) & (ends[1] >= 0)
        first, second = (end[both] for end in ends)
        across = torch.arange(b - 1, b + 1, device=img.device)
        lines = torch.stack(
            torch.meshgrid(across, along, indexing='ij')
            if down else torch.meshgrid(along, across, indexing='ij'), -1)
        place = corner[first][:, None] + lines.flatten(0, 1)  # (E, 2b, 2)
        one, other = (
            shown.at(place[:, None] + shifts[labels[end]][:, :, None])
            .flatten(2) for end in (first, second))
        differ = labels[first][:, :, None] != labels[second][:, None]
        cost = (2 * b)**0.5 * pairwise_distance(one, other) + change
        cost = cost * differ
        edges.append(Edges(first, second, cost))
    return edges


def pairwise_distance(one: Tensor, other: Tensor) -> Tensor:
    """Euclidean, (E, L, D) and (E, L', D) to (E, L, L'); of equal vectors
    exactly 0 is not promised, about 1e-3 is."""
    square = (one.square().sum(2)[:, :, None] +
              other.square().sum(2)[:, None] - 2 * one @ other.mT)
    return square.clamp(min=1e-12).sqrt()
