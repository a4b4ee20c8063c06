"""Labels are chosen on a copy of a large picture, and shown at its size
(method, section 8, "Large pictures")."""
from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.reduction import reduce
from ..ops.window import Window

# Of an offset that leads into the hole or out of the image; the
# largest squared difference of two pixels in [-1, 1] is 12
NOWHERE = 12.


def reduced_known(masked_img: Tensor, mask: Tensor,
                  max_pixels: int) -> tuple[Tensor, Tensor]:
    """As :func:`reduce`, but a pixel of the copy is hole where any that it
    stands for is: each hole pixel of the image is hole in its copy."""
    small, hole = reduce(masked_img, mask, max_pixels)
    hole = (F.adaptive_avg_pool2d(mask, hole.shape[-2:]) > 0).to(mask)
    return small * (1 - hole), hole


def at_full_size(field: Tensor, masked_img: Tensor, mask: Tensor,
                 window: Window) -> Tensor:
    """The shifts of a copy, of the picture itself.

    Scaled, and each moved by the few pixels with which it suits best what
    lies beside it.

    Args:
        field (Tensor): (K, 2, h', w'), long, of the copy.
        masked_img (Tensor): I_m, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        window (Window): h x w pixels with the hole in it.

    Returns:
        Tensor: (K, 2, h, w), long; ``field`` itself where the copy has the
        picture's size.
    """
    size, copy = mask.shape[-2:], field.shape[-2:]
    top, bottom, left, right = window
    if size == copy:
        return window.cut(field)
    row, column = (
        torch.arange(first, last, device=field.device) * part // whole
        for (first, last), part, whole in zip(((top, bottom), (left, right)),
                                              copy, size))
    scale = [whole / part for whole, part in zip(size, copy)]
    field = field[:, :, row[:, None], column]
    field = (field * field.new_tensor(scale, dtype=torch.float)[:, None, None]
             ).round().long()
    return field + _offsets(field[0], masked_img, mask, window,
                            ceil(max(scale)))


def _offsets(shift: Tensor, masked_img: Tensor, mask: Tensor, window: Window,
             reach: int) -> Tensor:
    """What to add to each pixel's shift (2, h, w), at most ``reach`` pixels:
    (2, h, w).

    Shifts that a known pixel lies beside come first; those beside what these
    show next, and so on inwards.
    """
    height, width = mask.shape[-2:]
    source, hole = masked_img.permute(1, 2, 0), mask[0].bool()
    picture, settled = source.clone(), ~hole
    pixels = window.cut(hole).nonzero()
    shifts, which = shift[:, pixels[:, 0], pixels[:, 1]].T.unique(
        dim=0, return_inverse=True)
    place = pixels + pixels.new_tensor([window.top, window.left])
    around = torch.arange(-reach, reach + 1, device=shift.device)
    offsets = torch.cartesian_prod(around, around)
    # where two are as good, the smaller
    offsets = offsets[offsets.abs().sum(1).argsort(stable=True)]
    moved = torch.zeros_like(shifts)
    waits = torch.ones(len(shifts), dtype=torch.bool, device=shift.device)

    def look(places):
        """What is known there, (P, C), and where it is."""
        at = _clamped(places, height, width)
        return source[at], _inside(places, height, width) & ~hole[at]

    while waits.any():
        edge, beside = [], []
        for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            next_ = place + place.new_tensor(step)
            known = _inside(next_, height, width) & waits[which]
            known &= settled[_clamped(next_, height, width)]
            edge.append(next_[known])
            beside.append(which[known])
        edge, beside = torch.cat(edge), torch.cat(beside)
        if not len(edge):
            break
        wanted = picture[tuple(edge.T)]
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
        picture[tuple(fresh[there].T)] = shown[there]
        settled[tuple(fresh[there].T)] = True
    result = torch.zeros_like(shift)
    result[:, pixels[:, 0], pixels[:, 1]] = moved[which].T
    return result


def _inside(place: Tensor, height: int, width: int) -> Tensor:
    limit = place.new_tensor([height, width])
    return ((place >= 0) & (place < limit)).all(-1)


def _clamped(place: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    return (place[..., 0].clamp(0, height - 1),
            place[..., 1].clamp(0, width - 1))
