"""The shifts of a batch of pictures, each chosen on a copy of a size that the
search can look through."""
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.precision import in_full_precision
from ..ops.window import hole_window, size_of
from .choice import choose_shifts
from .correspondence_net import Correspondence
from .field import ShiftField
from .full_size import reduced_known, upsample_shifts
from .settings import ShiftSettings


@in_full_precision
def search_shifts(masked_img: Tensor, mask: Tensor, comp: Tensor,
                  correspondence: Correspondence, settings: ShiftSettings,
                  wanted: Optional[Tensor] = None,
                  barred: Optional[Tensor] = None) -> ShiftField:
    """Choose a shift for each pixel of the holes.

    Nothing is drawn: each image's result is the same alone and in a batch.

    Args:
        masked_img (Tensor): I_m, (N, 3, H, W) in [-1, 1].
        mask (Tensor): (N, 1, H, W), 1 = hole.
        comp (Tensor): I_comp, (N, 3, H, W).
        correspondence (Correspondence): Of these images.
        settings (ShiftSettings): Of the choice.
        wanted (Tensor, optional): (N, 1, H, W), 1 = hole pixels that get a
            shift; 0 is that of others. Defaults to all.
        barred (Tensor, optional): (N, 1, H, W), 1 = hole, or known and not to
            be copied. Defaults to the holes.
    """
    window = hole_window(mask)
    small, small_mask = reduced_known(masked_img, mask, settings.max_pixels)
    settings = settings.on(small_mask[0].numel())
    guess = F.adaptive_avg_pool2d(comp, size_of(small))
    guess = guess.where(small_mask.bool(), small)
    small_wanted = small_mask if wanted is None else small_mask * (
        F.adaptive_avg_pool2d(wanted, size_of(small)) > 0)
    small_barred = None if barred is None else (
        F.adaptive_avg_pool2d(barred, size_of(small)) > 0).to(mask)
    there = correspondence.seen_on(mask.shape[-2:], small.shape[-2:])
    shifts, softs = [], []
    for n in range(len(mask)):
        # costs are of images in [0, 1]
        shift, soft = choose_shifts(
            (small[n] + 1) / 2, small_mask[n], (guess[n] + 1) / 2, there, n,
            settings, small_wanted[n],
            None if small_barred is None else small_barred[n])
        shifts.append(upsample_shifts(
            shift, masked_img[n], mask[n], window,
            None if barred is None else barred[n]))
        softs.append(soft)
    soft = None
    if any(x is not None for x in softs):
        zero = torch.zeros_like(small[0])
        soft = torch.stack([zero if x is None else 2 * x for x in softs])
        soft = F.interpolate(soft, mask.shape[-2:]) * mask
    return ShiftField(window, torch.stack(shifts), soft)
