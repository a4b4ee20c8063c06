"""Specks in windows of one size, so that many are looked at at once."""
from collections.abc import Iterator
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.components import components
from ..ops.gather import clamped, inside
from .settings import SpeckSettings

AT_ONCE = 64  # which bounds the memory


class Specks(NamedTuple):
    """K specks whose longer side has s pixels, each with t = s + 2 rim pixels
    around its middle and a window of w = t + 2 reach.

    Attributes:
        first (Tensor): (K, 2), the first of the t x t pixels in the picture;
            it may lie outside.
        img (Tensor): (K, 3, w, w), 0 where it is not known.
        known (Tensor): (K, 1, w, w), 0 or 1; other holes are not.
        free (Tensor): (K, 1, w, w), 0 or 1, what of it may be copied.
        own (Tensor): (K, 1, t, t), 0 or 1, which pixels are the speck's.
    """
    first: Tensor
    img: Tensor
    known: Tensor
    free: Tensor
    own: Tensor

    def middle(self) -> tuple[Tensor, Tensor]:
        """Return the middle of the windows: the pictures, (K, 3, t, t), and
        what is known of them."""
        size = self.own.shape[-1]
        reach = (self.known.shape[-1] - size) // 2
        part = slice(reach, reach + size)
        return self.img[..., part, part], self.known[..., part, part]


def specks_of(img: Tensor, mask: Tensor, settings: SpeckSettings,
              barred: Optional[Tensor] = None,
              others: Optional[Tensor] = None) -> Iterator[Specks]:
    """Cut specks out with what lies around them.

    Args:
        img (Tensor): I_m, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        settings (SpeckSettings): How large, and how far around.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and not to be
            copied. Defaults to the holes.
        others (Tensor, optional): (1, H, W), 1 = holes that are no specks.
            Defaults to none.

    Yields:
        Specks: Those of one size, some at a time.
    """
    if not settings.longest:
        return
    hole = mask[0].bool()
    lost = hole if barred is None else barred[0].bool()
    found = components(hole if others is None else hole & (others[0] == 0))
    first, last = found.corners()
    longer = (last - first).amax(1) + 1 if found.total else first[:, 0]
    height, width = hole.shape
    flat, hole, lost = img.flatten(1), hole.flatten(), lost.flatten()
    for side in longer[longer <= settings.longest].unique().tolist():
        which = longer == side
        corner = (first + last + 1 - side)[which].div(
            2, rounding_mode='floor')
        pixels, number = found.only(which).pixels()
        own = img.new_zeros(len(corner), 1, side, side)
        own[(number, torch.zeros_like(number),
             *(pixels - corner[number]).T)] = 1
        rim, around = settings.rim, settings.rim + settings.reach
        own = F.pad(own, (rim, rim, rim, rim))
        span = torch.arange(-around, side + around, device=img.device)
        for at, part in zip(corner.split(AT_ONCE), own.split(AT_ONCE)):
            place = at[:, :, None] + span
            y, x = place[:, 0, :, None], place[:, 1, None]
            index = clamped(y, x, height, width)
            there = inside(y, x, height, width)
            known, free = ((there & ~x[index])[:, None].to(img)
                           for x in (hole, lost))
            seen = flat[:, index].transpose(0, 1) * known
            yield Specks(at - rim, seen, known, free, part)
