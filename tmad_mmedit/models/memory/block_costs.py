"""What it costs that a block of the hole shows an entry of a shift memory:
by itself, and beside its neighbours (method, section 8)."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ..layers.blur import gaussian_blur, known_blur
from .labels import Edges

FORBIDDEN = 1e4  # of entries that are hole themselves, or outside


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


class Shown(NamedTuple):
    """An image in which shifts may lead outside: maps (C, H, W) with a margin
    of zeros."""
    maps: Tensor
    margin: int

    @classmethod
    def of(cls, maps: Tensor, margin: int) -> 'Shown':
        """Maps (C, H, W), 0 in the margin."""
        return cls(F.pad(maps, (margin, ) * 4), margin)

    def channels(self, which: slice) -> 'Shown':
        """Some of the maps."""
        return self._replace(maps=self.maps[which])

    def windows(self, shifts: Tensor, top: int, left: int, height: int,
                width: int) -> Tensor:
        """One window of the image, shifted: (M, C, height, width)."""
        return torch.stack([
            self.maps[:, y:y + height, x:x + width]
            for y, x in (shifts + shifts.new_tensor([top, left]) +
                         self.margin).tolist()
        ])

    def at(self, places: Tensor) -> Tensor:
        """Pixels (..., 2) of the image: (..., C)."""
        y, x = (places + self.margin).unbind(-1)
        pixels = self.maps.permute(1, 2, 0).flatten(0, 1)
        index = (y * self.maps.shape[2] + x).flatten()
        return pixels.index_select(0, index).unflatten(0, y.shape)


def within(shifts: Tensor, height: int, width: int) -> Tensor:
    """Those of the shifts (M, 2) that do not lead out of any image of that
    size."""
    return shifts[(shifts.abs() < shifts.new_tensor([height, width])).all(1)]


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
