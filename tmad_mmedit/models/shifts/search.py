"""The shifts of a batch of pictures, each chosen on a copy of a size that the
search can look through."""
from typing import Any, NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.once import Once
from ..ops.precision import in_full_precision
from ..ops.window import hole_window, size_of
from .atlas import Atlas
from .choice import PLAIN, First, choose_shifts, first_choice
from .correspondence_net import Correspondence
from .field import ShiftField
from .full_size import reduced_known, upsample_shifts
from .planes.entries import corners_on, plane_entries, resized
from .settings import Manner, ShiftSettings

USED = 0.25  # of a hole: where less of it shows a plane, none lies under it


@in_full_precision
def search_shifts(masked_img: Tensor, mask: Tensor, comp: Tensor,
                  correspondence: Correspondence, settings: ShiftSettings,
                  wanted: Optional[Tensor] = None,
                  barred: Optional[Tensor] = None,
                  manner: Manner = PLAIN,
                  once: Optional[Once] = None,
                  corners: Optional[Tensor] = None) -> ShiftField:
    """Choose a shift for each pixel of the holes.

    Where planes lie under a hole, entries follow their perspective, unless a
    gradient is asked for. Nothing is drawn: each image's result is the same
    alone and in a batch.

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
        corners (Tensor, optional): (N, 4, 2), see :class:`.hand.Hand`: of a
            plane, which is then taken for one. Defaults to those found.
    """
    once = once or Once()
    window = hole_window(mask)
    copies = _copies(masked_img, mask, comp, correspondence, settings, wanted,
                     barred, once, corners)
    shifts, softs, atlases = [], [], []
    for n in range(len(mask)):
        not_from = None if barred is None else barred[n]
        given = copies.corners_of(n)
        copied, atlas = copies.atlas(n, once), None
        shift, soft = choose_shifts(*copies.of(n, manner, once, copied))
        if copied is not None:
            if given is None and copied.used(shift, copies.wanted[n]) < USED:
                copied = None
                shift, soft = choose_shifts(*copies.of(n, manner, once))
            else:
                atlas = copies.whole_atlas(
                    n, once, masked_img[n], mask[n], not_from,
                    mask[n] if wanted is None else wanted[n])
        shifts.append(upsample_shifts(shift, masked_img[n], mask[n], window,
                                      not_from, copied, atlas))
        softs.append(soft)
        atlases.append(atlas)
    soft = None
    if any(x is not None for x in softs):
        zero = torch.zeros_like(copies.img[0])
        soft = torch.stack([zero if x is None else 2 * x for x in softs])
        soft = F.interpolate(soft, mask.shape[-2:]) * mask
    return ShiftField(window, torch.stack(shifts), soft, atlases)


@in_full_precision
def first_shifts(masked_img: Tensor, mask: Tensor, comp: Tensor,
                 correspondence: Correspondence, settings: ShiftSettings,
                 wanted: Optional[Tensor], barred: Optional[Tensor],
                 manner: Manner, once: Once,
                 corners: Optional[Tensor]) -> Optional[First]:
    """Return what whole blocks choose in the first image; see
    :func:`search_shifts`, which then need not let them choose again. None
    where there is nothing to choose from."""
    copies = _copies(masked_img, mask, comp, correspondence, settings, wanted,
                     barred, once, corners)
    return first_choice(
        *copies.of(0, manner, once, copies.atlas(0, once)))


class _Copies(NamedTuple):
    """What is searched: the copies (N, C, h, w), and settings for them."""
    img: Tensor
    mask: Tensor
    comp: Tensor
    correspondence: Correspondence
    settings: ShiftSettings
    wanted: Tensor
    barred: Optional[Tensor]
    corners: Optional[Tensor]

    def of(self, n: int, manner: Manner, once: Once,
           atlas: Optional[Atlas] = None) -> Any:
        """What :func:`choose_shifts` takes of image n; costs are of images in
        [0, 1]."""
        return ((self.img[n] + 1) / 2, self.mask[n], (self.comp[n] + 1) / 2,
                self.correspondence, n, self.settings, self.wanted[n],
                None if self.barred is None else self.barred[n], manner,
                once, atlas)

    def corners_of(self, n: int) -> Optional[Tensor]:
        """Those of image n, (4, 2), if any are given."""
        if self.corners is None or self.corners[n].isnan().any():
            return None
        return self.corners[n]

    def entries(self, n: int, once: Once) -> Tensor:
        """Those of planes, see :func:`plane_entries`; none for training,
        which the picture's own frame leads."""
        count = 0 if torch.is_grad_enabled() else self.settings.planes
        return once(lambda: plane_entries(
            (self.img[n] + 1) / 2, self.mask[n], self.wanted[n], count,
            None if self.barred is None else self.barred[n],
            self.corners_of(n)), 'entries of planes', n, count)

    def atlas(self, n: int, once: Once) -> Optional[Atlas]:
        """Image n in [0, 1] with these beside it; None where there are
        none."""
        entries = self.entries(n, once)
        return None if not len(entries) else once(lambda: Atlas.of(
            (self.img[n] + 1) / 2, self.mask[n],
            None if self.barred is None else self.barred[n], self.wanted[n],
            entries), 'atlas', n)

    def whole_atlas(self, n: int, once: Once, img: Tensor, mask: Tensor,
                    barred: Optional[Tensor], wanted: Tensor) -> Atlas:
        """That of the image of which n is a copy; see :meth:`Atlas.of`."""
        entries = resized(self.entries(n, once), size_of(self.img),
                          size_of(mask))
        return once(lambda: Atlas.of(img, mask, barred, wanted, entries),
                    'whole atlas', n)


def _copies(masked_img: Tensor, mask: Tensor, comp: Tensor,
            correspondence: Correspondence, settings: ShiftSettings,
            wanted: Optional[Tensor], barred: Optional[Tensor],
            once: Once, corners: Optional[Tensor]) -> _Copies:
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
            F.adaptive_avg_pool2d(barred, size_of(small)) > 0).to(mask),
        None if corners is None else corners_on(
            corners, size_of(mask), size_of(small)))
