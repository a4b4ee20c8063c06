"""Coherent inpainting: neighbours agree on where they copy from. Ours; see the
method's section 8."""
from dataclasses import replace
from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn

from .blend.gradient_blend import BlendSettings, gradient_blend
from .crops import CropSettings, by_crops
from .hand import NO_HAND, Hand, guess_of, smooth_too
from .ops.limits import within_known
from .ops.window import hole_window
from .refine.thin import RefineThin
from .shifts.correspondence_net import Correspondence, CorrespondenceNet
from .shifts.field import ShiftField, to_known
from .shifts.search import search_shifts
from .shifts.settings import ShiftSettings
from .specks.filling import fill_specks
from .specks.settings import SpeckSettings
from .ways import Way, way_named

AS_IT_IS = Way()
HINTED = 4.  # times the weight of a guess that is a person's


class CoherentTrace(NamedTuple):
    """What was made on the way from N pictures to their results.

    Attributes:
        coarse (Tensor): I_c, (N, 3, H, W), or I_comp, where of the coarse
            result only the hole was wanted.
        comp (Tensor): I_comp, (N, 3, H, W), the guess: I_c in the hole, I_m
            around it; in specks, of which none is made, I_out.
        correspondence (Correspondence, optional): What Eq. (3) compared; None
            for holes that were completed one by one.
        field (ShiftField): Where each hole pixel is copied from.
        out (Tensor): I_out, (N, 3, H, W).
    """
    coarse: Tensor
    comp: Tensor
    correspondence: Optional[Correspondence]
    field: ShiftField
    out: Tensor


class Coherent(nn.Module):
    """Completes holes with copies of the picture's own texture that continue
    each other.

    Images are RGB in [-1, 1], masks 1 = hole, and the hole of a masked image
    is 0.

    >>> from tmad_mmedit.load import build_model
    >>> model = build_model(dict(method='coherent', coarse_pixels=64 * 64))
    >>> mask = torch.zeros(1, 1, 64, 64)
    >>> mask[..., 20:30, 20:30] = 1
    >>> with torch.no_grad():
    ...     done = model(torch.rand(1, 3, 64, 64) * (1 - mask), mask)
    >>> done.field.shift.shape  # where each pixel is copied from
    torch.Size([1, 2, 10, 10])

    Args:
        coarse (nn.Module): The coarse stage: see :class:`CoarseStage`.
        correspondence (CorrespondenceNet): theta and phi of Eq. (3).
        shifts (ShiftSettings): Of the choice.
        blend (BlendSettings): Of the blending.
        crops (CropSettings): From how much around it a hole is painted.
        specks (SpeckSettings): Which holes are so small that no network is
            asked.
        coarse_pixels (int, optional): Of a larger picture or crop the coarse
            stage sees a copy reduced to so many; None: it never does.
        thin (RefineThin, optional): What is added to thin holes; None:
            nothing is.
    """

    paints_patches = False  # it draws nothing, and has no patches to overlap

    def __init__(self,
                 coarse: nn.Module,
                 correspondence: CorrespondenceNet,
                 shifts: ShiftSettings = ShiftSettings(),  # noqa: B008
                 blend: BlendSettings = BlendSettings(),  # noqa: B008
                 crops: CropSettings = CropSettings(),  # noqa: B008
                 specks: SpeckSettings = SpeckSettings(),  # noqa: B008
                 coarse_pixels: Optional[int] = None,
                 thin: Optional[RefineThin] = None) -> None:
        super().__init__()
        self.coarse = coarse
        self.correspondence = correspondence
        self.shifts = shifts
        self.blend = blend
        self.crops = crops
        self.specks = specks
        self.coarse_pixels = coarse_pixels
        self.thin = thin

    def complete(self,
                 masked_img: Tensor,
                 mask: Tensor,
                 coarse_pixels: Optional[int] = None,
                 hole_only: bool = False,
                 wanted: Optional[Tensor] = None,
                 hand: Hand = NO_HAND,
                 way: Way = AS_IT_IS) -> CoherentTrace:
        """Take the steps of the method, in their order.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            coarse_pixels (int, optional): See the class.
            hole_only (bool): Of the coarse result only the hole is wanted.
            wanted (Tensor, optional): (N, 1, H, W), 1 = hole pixels that are
                searched for; the others stay coarse. Defaults to all.
            hand (Hand): What a person says. Defaults to nothing.
            way (Way): What differs from the settings. Defaults to nothing.

        Returns:
            CoherentTrace: Known pixels of the result are the input's.
        """
        hole = mask.bool()
        coarse = self.coarse(masked_img, mask, coarse_pixels, hole_only)
        comp = guess_of(within_known(coarse, masked_img, mask), hand).where(
            hole, masked_img)
        coarse = guess_of(coarse, hand)
        correspondence = self.correspondence(comp, mask)
        shifts = way.shifts(self.shifts)
        if hand.hinted is not None and hand.hinted.any():
            shifts = replace(shifts, guidance=HINTED * shifts.guidance)
        field = search_shifts(masked_img, mask, comp, correspondence, shifts,
                              wanted, hand.barred)
        out = gradient_blend(comp, masked_img, mask, field, self.blend,
                             wanted, hand.barred)
        if field.soft is not None:
            out = out + field.soft
        return CoherentTrace(comp if hole_only else coarse, comp,
                             correspondence, field,
                             out.where(hole, masked_img))

    def inpaint(self, masked_img: Tensor, mask: Tensor,
                hand: Hand = NO_HAND, way: str = 'guess') -> CoherentTrace:
        """Complete each hole from what lies around it: specks first, all
        others by :meth:`complete`.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            hand (Hand): What a person says. Defaults to nothing.
            way (str): One of :data:`.ways.WAYS`. Defaults to 'guess', as the
                settings have it.
        """
        differs = way_named(way)
        if differs.smooth:
            hand = smooth_too(masked_img, mask, hand)
        comp, out = masked_img.clone(), masked_img.clone()
        window = hole_window(mask)
        shift = torch.zeros(
            len(mask), 2, *window.cut(mask).shape[-2:], dtype=torch.long,
            device=mask.device)

        said = {name: x for name, x in hand._asdict().items()
                if x is not None}

        def complete(masked_img, mask, wanted, *parts):
            return self.complete(masked_img, mask, self.coarse_pixels, True,
                                 wanted, Hand(**dict(zip(said, parts))),
                                 differs)

        todo = mask.clone()
        for n in range(len(mask)):
            (y, x), colours, *into = (x.T for x in fill_specks(
                masked_img[n], mask[n], self.specks,
                None if hand.barred is None else hand.barred[n],
                None if hand.hinted is None else hand.hinted[n]))
            comp[n, :, y, x] = out[n, :, y, x] = colours
            shift[n, :, y - window.top, x - window.left], = into
            todo[n, :, y, x] = 0
        found = by_crops(
            complete, out, todo, differs.crops(self.crops), hand.barred,
            tuple(said.values())) if todo.any() else ()
        for crop, done in found:
            crop.paste(comp, done.comp)
            crop.paste(out, done.out)
            own = done.field.window.cut(crop.own)
            there = done.field.window.moved(
                crop.window.top, crop.window.left).seen_from(window).cut(
                    shift[crop.n])
            there.copy_(done.field.shift[0].where(own, there))
        shift = torch.stack([to_known(*x) for x in zip(
            shift, window.cut(mask)[:, 0].bool())])
        if self.thin is not None:
            out = self.thin(out, comp, mask)
        return CoherentTrace(comp, comp, None, ShiftField(window, shift), out)

    forward = inpaint
