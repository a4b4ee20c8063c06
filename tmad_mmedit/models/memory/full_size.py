"""Labels are chosen on a copy of a large picture, and shown at its size
(method, section 8, "Large pictures")."""
from math import ceil
from typing import Tuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ..layers.reduction import reduce
from ..layers.window import Window

# Of an offset that leads a rim pixel into the hole or out of the image; the
# largest squared difference of two pixels in [-1, 1] is 12
NOWHERE = 12.


def reduced_known(masked_img: Tensor, mask: Tensor,
                  max_pixels: int) -> Tuple[Tensor, Tensor]:
    """As :func:`reduce`, but a pixel of the copy is hole where any that it
    stands for is: each hole pixel of the image is hole in its copy."""
    small, hole = reduce(masked_img, mask, max_pixels)
    hole = (F.adaptive_avg_pool2d(mask, hole.shape[-2:]) > 0).to(mask)
    return small * (1 - hole), hole


def at_full_size(field: Tensor, masked_img: Tensor, mask: Tensor,
                 window: Window) -> Tensor:
    """The shifts of a copy, of the picture itself.

    Scaled, and each moved by the few pixels with which it suits the hole's
    rim best: the rim pixels beside it, compared with what it shows there.

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
    (2, h, w), 0 for shifts that no rim pixel lies beside."""
    height, width = mask.shape[-2:]
    hole = mask[0].bool()
    pixels = window.cut(hole).nonzero()
    corner = pixels.new_tensor([window.top, window.left])
    shifts, which = shift[:, pixels[:, 0], pixels[:, 1]].T.unique(
        dim=0, return_inverse=True)
    rim, beside = [], []
    for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        place = pixels + corner + pixels.new_tensor(step)
        known = _inside(place, height, width)
        known &= ~hole[_clamped(place, height, width)]
        rim.append(place[known])
        beside.append(which[known])
    rim, beside = torch.cat(rim), torch.cat(beside)
    around = torch.arange(-reach, reach + 1, device=shift.device)
    offsets = torch.cartesian_prod(around, around)
    # where two are as good, the smaller
    offsets = offsets[offsets.abs().sum(1).argsort(stable=True)]
    image = masked_img.permute(1, 2, 0)
    wanted = image[rim[:, 0], rim[:, 1]]
    costs = []
    for offset in offsets:
        place = rim + shifts[beside] + offset
        at = _clamped(place, height, width)
        there = _inside(place, height, width) & ~hole[at]
        cost = (image[at] - wanted).square().sum(1).where(
            there, wanted.new_tensor(NOWHERE))
        costs.append(
            cost.new_zeros(len(shifts)).index_add_(0, beside, cost))
    best = offsets[torch.stack(costs).argmin(0)]
    moved = torch.zeros_like(shift)
    moved[:, pixels[:, 0], pixels[:, 1]] = best[which].T
    return moved


def _inside(place: Tensor, height: int, width: int) -> Tensor:
    limit = place.new_tensor([height, width])
    return ((place >= 0) & (place < limit)).all(-1)


def _clamped(place: Tensor, height: int, width: int) -> Tuple[Tensor, Tensor]:
    return (place[..., 0].clamp(0, height - 1),
            place[..., 1].clamp(0, width - 1))
