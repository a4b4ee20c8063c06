"""What it costs that a block of the hole shows an entry: by itself, and beside
its neighbours (method, section 8)."""
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.blur import guess_blur, known_blur
from ..ops.gather import ZeroBordered
from ..ops.holes import dilated
from .blocks import Blocks
from .labels import Edges

FORBIDDEN = 1e4  # of entries that are hole themselves, or outside
UNKNOWN = 0.1  # of a known pixel for which an entry has none
AT_ONCE = 2**16  # pixels of entries


class CostMaps(NamedTuple):
    """What the costs of one image are read from.

    Attributes:
        known (ZeroBordered): I_m, and 1 where it is known: 4 channels.
        free (ZeroBordered): I_m, and 1 where it may be copied: 4 channels.
        low (ZeroBordered): G(I), the low frequencies of what is known.
        guess (ZeroBordered): G'(I_comp), and the mask: 4 channels.
        mask (Tensor): (1, H, W), 1 = hole.
        barred (Tensor): (1, H, W), 1 = hole, or not to be copied.
    """
    known: ZeroBordered
    free: ZeroBordered
    low: ZeroBordered
    guess: ZeroBordered
    mask: Tensor
    barred: Tensor

    @classmethod
    def of(cls, img: Tensor, mask: Tensor, comp: Tensor, sigma: float,
           barred: Optional[Tensor] = None) -> 'CostMaps':
        """Make the maps of an image.

        Args:
            img, comp (Tensor): I_m and I_comp, (3, H, W) in [0, 1].
            mask (Tensor): (1, H, W), 1 = hole.
            sigma (float): Of the Gaussian G, in pixels; G' is
                :func:`guess_blur`.
            barred (Tensor, optional): (1, H, W), 1 = hole, or known and not
                to be copied. Defaults to the hole.
        """
        known = 1 - mask
        barred = mask if barred is None else barred
        low = known_blur(img[None], known[None], sigma)[0]
        guess = guess_blur(comp[None], sigma)[0]
        bordered = ZeroBordered.of
        seen = bordered(torch.cat([img, known]))
        free = seen if barred is mask else bordered(
            torch.cat([img, 1 - barred]))
        return cls(seen, free, bordered(low),
                   bordered(torch.cat([guess, mask])), mask, barred)

    def hole(self, blocks: Blocks) -> Tensor:
        """(B, b x b), 1 for the pixels of B blocks that are hole, else 0."""
        return self.guess.channels(slice(3, 4)).at(blocks.pixels())[..., 0]


def unary_costs(maps: CostMaps,
                candidates: Tensor,
                blocks: Blocks,
                guidance: float,
                rim: float,
                rim_width: int,
                at_once: int = 2**20) -> Tensor:
    """Return what entries cost by themselves, but for the learned similarity.

    ``guidance * |G(I)(x + d) - G'(I_comp)(x)|^2`` over a block's hole pixels,
    sampled, and ``rim * |I(x + d) - I(x)|^2`` over the known pixels near the
    hole that lie in the block or around it, ``rim * UNKNOWN`` for those of
    which x + d is not known.

    Args:
        maps (CostMaps): Of the image.
        candidates (Tensor): (B, L, 2), the shifts that a block may show.
        blocks (Blocks): B of them.
        guidance, rim (float): See above.
        rim_width (int): In pixels: how near.
        at_once (int): Pixels shown at a time, which bounds the memory.

    Returns:
        Tensor: (B, L), at most ``FORBIDDEN``, which an entry costs that has
        for a hole pixel of the block what is hole, outside, or not to be
        copied.
    """
    like_guess, like_rim, lost = unary_parts(maps, candidates, blocks,
                                             rim_width, at_once)
    return (guidance * like_guess + rim * like_rim +
            FORBIDDEN * lost).clamp(max=FORBIDDEN)


def unary_parts(maps: CostMaps, candidates: Tensor, blocks: Blocks,
                rim_width: int, at_once: int = 2**20) -> tuple[Tensor, ...]:
    """Return what :func:`unary_costs` adds up, (B, L) each: how far entries
    are from the guess and from the known surroundings, and which have nothing
    to show, bool."""
    near = rim_of(maps.mask, blocks, rim_width)
    hole = maps.hole(blocks)
    whole = _free_throughout(maps.barred, blocks.size)
    step = max(at_once // (len(candidates) * blocks.size**2), 1)
    parts = [(guidance_cost(maps, part, blocks, hole),
              boundary_cost(maps, part, *near),
              invalid(maps, part, blocks, hole, whole))
             for part in candidates.split(step, dim=1)]
    return tuple(torch.cat(x, 1) for x in zip(*parts))


def _free_throughout(barred: Tensor, size: int) -> ZeroBordered:
    """Mark where ``size`` x ``size`` pixels begin that may be copied."""
    barred = F.pad(barred, (0, size - 1, 0, size - 1), value=1)[None]
    barred = F.max_pool2d(barred, (size, 1), 1)
    return ZeroBordered.of(1 - F.max_pool2d(barred, (1, size), 1)[0])


def invalid(maps: CostMaps, candidates: Tensor, blocks: Blocks, hole: Tensor,
          whole: ZeroBordered) -> Tensor:
    """Say whether an entry has nothing to show for a hole pixel: (B, L)."""
    corner = blocks.first_pixel()[:, None] + candidates
    lost = whole.at(corner)[..., 0] == 0
    # of a block that is not hole throughout each hole pixel is looked at
    part = (hole.amin(1) == 0).nonzero()[:, 0]
    known = maps.free.channels(slice(3, 4)).at(
        blocks.pixels()[part][:, None] + candidates[part][:, :, None])[..., 0]
    lost[part] = (hole[part][:, None] > known).any(2)
    return lost


def guidance_cost(maps: CostMaps, candidates: Tensor, blocks: Blocks,
            hole: Tensor) -> Tensor:
    """Return how far an entry's low frequencies are from the guess's: (B, L),
    a sum over hole pixels, by one sample in each quarter of a block: they are
    low frequencies."""
    step = blocks.size // 2
    area = F.avg_pool2d(
        hole.view(-1, 1, blocks.size, blocks.size), step,
        divisor_override=1).flatten(1)
    places = blocks.pixels(step) + step // 2
    guess = maps.guess.channels(slice(0, 3)).at(places)
    low = maps.low.at(places[:, None] + candidates[:, :, None])
    square = (low - guess[:, None]).square().sum(-1)
    return (square @ area[:, :, None])[..., 0]


def boundary_cost(maps: CostMaps, candidates: Tensor, rim: Tensor,
                beside: Tensor) -> Tensor:
    """Return how far an entry is from the known pixels near the hole, in a
    block and around it: (B, L), a sum over pixels."""
    *own, _ = maps.known.at(rim)[:, None].unbind(-1)
    cost = candidates.new_zeros(candidates.shape[:2], dtype=own[0].dtype)
    # what is looked at in one go stays in a processor's cache
    step = max(AT_ONCE // max(len(rim), 1), 1)
    for shifts, sums in zip(candidates.split(step, 1), cost.split(step, 1)):
        *there, known = maps.known.at(
            rim[:, None] + shifts[beside]).unbind(-1)
        each = sum((x - y).square() for x, y in zip(there, own))
        sums.index_add_(0, beside, (each - UNKNOWN) * known + UNKNOWN)
    return cost


def rim_of(mask: Tensor, blocks: Blocks,
           width: int) -> tuple[Tensor, Tensor]:
    """Find the known pixels near the hole, each as often as there are blocks
    in or near which it lies; near is ``width`` pixels.

    Returns:
        tuple: The pixels (P, 2) and the blocks (P, ).
    """
    rim = (dilated(mask, width) > mask)[0].nonzero()
    # of the rows and columns of blocks that a pixel is near, the first
    corner = rim - rim.new_tensor([blocks.top, blocks.left])
    first = -((blocks.size + width - 1 - corner).div(
        blocks.size, rounding_mode='floor'))
    reach = torch.arange(
        -(-(blocks.size + 2 * width) // blocks.size), device=rim.device)
    place = first[:, None] + torch.cartesian_prod(reach, reach)
    apart = place * blocks.size - corner[:, None]  # of the block's corner
    count = place.new_tensor([blocks.rows, blocks.columns])
    there = ((place >= 0) & (place < count) & (apart <= width) &
             (apart > -blocks.size - width)).all(2)
    which = blocks.numbers()[tuple(place.clamp(min=0).minimum(
        count - 1).unbind(2))]
    pixel, i = (there & (which >= 0)).nonzero(as_tuple=True)
    return rim[pixel], which[pixel, i]


def pairwise_costs(maps: CostMaps, candidates: Tensor,
                   blocks: Blocks) -> list[Edges]:
    """Return what it costs that two neighbouring blocks show different
    entries: the distance of what both show along the two lines of pixels where
    they meet, ``sqrt(2 b) |I(x + d_i) - I(x + d_j)|``.

    Args:
        maps (CostMaps): Of the image.
        candidates (Tensor): (B, L, 2), the shifts that a block may show.
        blocks (Blocks): B of them.

    Returns:
        list[Edges]: Between rows and between columns.
    """
    b, index = blocks.size, blocks.numbers()
    shown = maps.known.channels(slice(0, 3))
    corner = blocks.first_pixel()
    along = torch.arange(b, device=index.device)
    edges = []
    for down in (True, False):
        ends = ((index[:-1], index[1:]) if down else
                (index[:, :-1], index[:, 1:]))
        both = (ends[0] >= 0) & (ends[1] >= 0)
        first, second = (end[both] for end in ends)
        across = torch.arange(b - 1, b + 1, device=index.device)
        lines = torch.stack(
            torch.meshgrid(across, along, indexing='ij')
            if down else torch.meshgrid(along, across, indexing='ij'), -1)
        place = corner[first][:, None] + lines.flatten(0, 1)  # (E, 2b, 2)
        one, other = (
            shown.at(place[:, None] + candidates[end][:, :, None])
            .flatten(2) for end in (first, second))
        differ = (candidates[first][:, :, None] !=
                  candidates[second][:, None]).any(-1)
        cost = (2 * b)**0.5 * distances(one, other)
        edges.append(Edges(first, second, cost * differ))
    return edges


def distances(one: Tensor, other: Tensor) -> Tensor:
    """Return Euclidean distances, (E, L, D) and (E, L', D) to (E, L, L'); of
    equal vectors exactly 0 is not promised, about 1e-3 is."""
    square = (one.square().sum(2)[:, :, None] +
              other.square().sum(2)[:, None] - 2 * one @ other.mT)
    return square.clamp(min=1e-12).sqrt()
