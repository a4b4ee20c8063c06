"""The shifts of a batch of pictures, each chosen on a copy of a size that the
search can look through."""
from typing import Any, NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.once import Once
from ..ops.precision import in_full_precision
from ..ops.window import hole_window, size_of
from .choice import PLAIN, First, choose_shifts, first_choice
from .correspondence_net import Correspondence
from .field import ShiftField
from .full_size import reduced_known, upsample_shifts
from .settings import Manner, ShiftSettings


@in_full_precision
def search_shifts(masked_img: Tensor, mask: Tensor, comp: Tensor,
                  correspondence: Correspondence, settings: ShiftSettings,
                  wanted: Optional[Tensor] = None,
                  barred: Optional[Tensor] = None,
                  manner: Manner = PLAIN,
                  once: Optional[Once] = None) -> ShiftField:
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
        manner (Manner): Of the first choice. Defaults to that of the
            settings.
        once (Once, optional): What results of the same images share.
    """
    once = once or Once()
    window = hole_window(mask)
    copies = _copies(masked_img, mask, comp, correspondence, settings, wanted,
                     barred, once)
    shifts, softs = [], []
    for n in range(len(mask)):
        shift, soft = choose_shifts(*copies.of(n, manner, once))
        shifts.append(upsample_shifts(
            shift, masked_img[n], mask[n], window,
            None if barred is None else barred[n]))
        softs.append(soft)
    soft = None
    if any(x is not None for x in softs):
        zero = torch.zeros_like(copies.img[0])
        soft = torch.stack([zero if x is None else 2 * x for x in softs])
        soft = F.interpolate(soft, mask.shape[-2:]) * mask
    return ShiftField(window, torch.stack(shifts), soft)


@in_full_precision
def first_shifts(masked_img: Tensor, mask: Tensor, comp: Tensor,
                 correspondence: Correspondence, settings: ShiftSettings,
                 wanted: Optional[Tensor], barred: Optional[Tensor],
                 manner: Manner, once: Once) -> Optional[First]:
    """Return what whole blocks choose in the first image; see
    :func:`search_shifts`, which then need not let them choose again. None
    where there is nothing to choose from."""
    copies = _copies(masked_img, mask, comp, correspondence, settings, wanted,
                     barred, once)
    return first_choice(*copies.of(0, manner, once))


class _Copies(NamedTuple):
    """What is searched: the copies (N, C, h, w), and settings for them."""
    img: Tensor
    mask: Tensor
    comp: Tensor
    correspondence: Correspondence
    settings: ShiftSettings
    wanted: Tensor
    barred: Optional[Tensor]

    def of(self, n: int, manner: Manner, once: Once) -> Any:
        """What :func:`choose_shifts` takes of image n; costs are of images in
        [0, 1]."""
        return ((self.img[n] + 1) / 2, self.mask[n], (self.comp[n] + 1) / 2,
                self.correspondence, n, self.settings, self.wanted[n],
                None if self.barred is None else self.barred[n], manner,
                once)


def _copies(masked_img: Tensor, mask: Tensor, comp: Tensor,
            correspondence: Correspondence, settings: ShiftSettings,
            wanted: Optional[Tensor], barred: Optional[Tensor],
            once: Once) -> _Copies:
    small, small_mask = once(lambda: reduced_known(
        masked_img, mask, settings.max_pixels), 'small', settings.max_pixels)
    guess = F.adaptive_avg_pool2d(comp, size_of(small))
    return _Copies(
        small, small_mask, guess.where(small_mask.bool(), small),
        correspondence.seen_on(mask.shape[-2:], small.shape[-2:]),
        settings.on(small_mask[0].numel()),
        small_mask if wanted is None else small_mask * (
            F.adaptive_avg_pool2d(wanted, size_of(small)) > 0),
        None if barred is None else (
            F.adaptive_avg_pool2d(barred, size_of(small)) > 0).to(mask))
