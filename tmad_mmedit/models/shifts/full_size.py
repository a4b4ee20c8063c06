"""Labels are chosen on a copy of a large picture, and shown at its size
(method, section 8, "Large pictures")."""
from math import ceil
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.gather import clamped, inside
from ..ops.neighbours import square_offsets
from ..ops.reduction import reduce
from ..ops.window import Window, size_of
from .atlas import Atlas

# Of an offset that leads into the hole or out of the image; the
# largest squared difference of two pixels in [-1, 1] is 12
NOWHERE = 12.


def reduced_known(masked_img: Tensor, mask: Tensor,
                  max_pixels: int) -> tuple[Tensor, Tensor]:
    """Reduce as :func:`reduce`, but a pixel of the copy is hole where any that
    it stands for is: each hole pixel of the image is hole in its copy."""
    small, hole = reduce(masked_img, mask, max_pixels)
    hole = (F.adaptive_avg_pool2d(mask, size_of(hole)) > 0).to(mask)
    return small * (1 - hole), hole


def upsample_shifts(shift: Tensor, masked_img: Tensor, mask: Tensor,
                    window: Window,
                    barred: Optional[Tensor] = None,
                    copied: Optional[Atlas] = None,
                    atlas: Optional[Atlas] = None) -> Tensor:
    """Turn the shifts of a copy into those of the picture itself.

    Scaled, and each moved by the few pixels with which it suits best what
    lies beside it.

    Args:
        shift (Tensor): (2, h', w'), long, of the copy.
        masked_img (Tensor): I_m, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        window (Window): h x w pixels with the hole in it.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and not to be
            copied. Defaults to the hole.
        copied, atlas (Atlas, optional): That of the copy and that of the
            picture, into which shifts may lead.

    Returns:
        Tensor: (2, h, w), long; those of the window itself where the copy has
        the picture's size.
    """
    size, copy = mask.shape[-2:], shift.shape[-2:]
    top, bottom, left, right = window
    if size == copy:
        return window.cut(shift)
    row, column = (
        torch.arange(first, last, device=shift.device) * part // whole
        for (first, last), part, whole in zip(((top, bottom), (left, right)),
                                              copy, size))
    scale = [whole / part for whole, part in zip(size, copy)]
    shift = shift[:, row[:, None], column]
    scaled = shift.new_tensor(scale, dtype=torch.float)[:, None, None]
    if copied is None or atlas is None:
        shift = (shift * scaled).round().long()
    else:
        tile, shift = copied.tiles.split(shift)
        shift = atlas.tiles.join(tile, (shift * scaled).round().long())
        masked_img, mask, barred = atlas.img, atlas.mask, atlas.barred
    return shift + refine_shifts(shift, masked_img, mask, window,
                                 ceil(max(scale)), barred)


def refine_shifts(shift: Tensor, masked_img: Tensor, mask: Tensor,
                  window: Window, reach: int,
                  barred: Optional[Tensor] = None) -> Tensor:
    """Find what to add to each pixel's shift (2, h, w), at most ``reach``
    pixels: (2, h, w).

    Shifts that a known pixel lies beside come first; those beside what these
    show next, and so on inwards.
    """
    height, width = mask.shape[-2:]
    hole = mask.flatten().bool()
    lost = hole if barred is None else barred.flatten().bool()
    source = masked_img.flatten(1).T
    picture, settled = source.clone(), ~hole
    pixels = window.cut(mask)[0].nonzero()
    # as one number each, which is much quicker to sort
    number = shift[0] * 4 * width + shift[1] + 2 * width
    number, which = number[pixels[:, 0], pixels[:, 1]].unique(
        return_inverse=True)
    down = number.div(4 * width, rounding_mode='floor')
    shifts = torch.stack([down, number - (4 * down + 2) * width], 1)
    place = pixels + pixels.new_tensor([window.top, window.left])
    offsets = square_offsets(reach, shift.device)
    # where two are as good, the smaller
    offsets = offsets[offsets.abs().sum(1).argsort(stable=True)]
    moved = torch.zeros_like(shifts)
    waits = torch.ones(len(shifts), dtype=torch.bool, device=shift.device)

    def index(places):
        """Where places (..., 2) stand in the flat image, and whether they
        do."""
        y, x = places.unbind(-1)
        return (clamped(y, x, height, width), inside(y, x, height, width))

    def look(places):
        """What is known there, (P, C), and where it is."""
        at, there = index(places)
        return source[at], there & ~lost[at]

    while waits.any():
        edges, besides = [], []
        for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            at, there = index(place + place.new_tensor(step))
            known = there & waits[which] & settled[at]
            edges.append((place + place.new_tensor(step))[known])
            besides.append(which[known])
        edge, beside = torch.cat(edges), torch.cat(besides)
        if not len(edge):
            break
        wanted = picture[index(edge)[0]]
        costs = []
        for offset in offsets:
            shown, there = look(edge + shifts[beside] + offset)
            cost = (shown - wanted).square().sum(1)
            cost = cost.where(there, cost.new_tensor(NOWHERE))
            costs.append(
                cost.new_zeros(len(shifts)).index_add_(0, beside, cost))
        now = torch.zeros_like(waits)
        now[beside] = True
        best = offsets[torch.stack(costs).argmin(0)]
        moved[now] = best[now]
        waits &= ~now
        fresh = place[now[which]]
        shown, there = look(fresh + (shifts + moved)[which[now[which]]])
        at = index(fresh)[0][there]
        picture[at] = shown[there]
        settled[at] = True
    result = torch.zeros_like(shift)
    result[:, pixels[:, 0], pixels[:, 1]] = moved[which].T
    return result
