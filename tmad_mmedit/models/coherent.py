"""Coherent inpainting: neighbours agree on where they copy from. Ours; see the
method's section 8."""
from collections.abc import Iterator
from typing import NamedTuple, Optional

from torch import Tensor, nn

from .blend.gradient_blend import BlendSettings, gradient_blend
from .crops import CropSettings
from .each_hole import EachHole, Filled
from .hand import NO_HAND, Hand, guess_of, smooth_too
from .ops.limits import within_known
from .ops.once import Once
from .ops.window import hole_window
from .refine.thin import RefineThin
from .shifts.correspondence_net import Correspondence, CorrespondenceNet
from .shifts.field import ShiftField
from .shifts.search import first_shifts, search_shifts
from .shifts.settings import ShiftSettings
from .shifts.variety import distances, farthest_first
from .specks.settings import SpeckSettings
from .ways import WAYS, Way

AS_IT_IS = WAYS['guess']


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

    >>> import torch
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
                 way: Way = AS_IT_IS,
                 once: Optional[Once] = None) -> CoherentTrace:
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
            once (Once, optional): What results of these pictures share.

        Returns:
            CoherentTrace: Known pixels of the result are the input's.
        """
        hole, once = mask.bool(), once or Once()
        coarse, comp, correspondence, search = self.led(
            masked_img, mask, coarse_pixels, hole_only, wanted, hand, way,
            once)
        field = search_shifts(*search)
        out = gradient_blend(comp, masked_img, mask, field, self.blend,
                             wanted, hand.barred, way.brief)
        if field.soft is not None:
            out = out + field.soft
        return CoherentTrace(comp if hole_only else coarse, comp,
                             correspondence, field.plain(),
                             out.where(hole, masked_img))

    def led(self, masked_img: Tensor, mask: Tensor,
            coarse_pixels: Optional[int], hole_only: bool,
            wanted: Optional[Tensor], hand: Hand, way: Way,
            once: Once) -> tuple[Tensor, Tensor, Correspondence, tuple]:
        """Return what leads :meth:`complete`: I_c, I_comp, what Eq. (3)
        compares, and what :func:`search_shifts` is asked."""
        hole = mask.bool()
        coarse = once(lambda: self.coarse(
            masked_img, mask, coarse_pixels, hole_only), 'coarse')
        comp = guess_of(within_known(coarse, masked_img, mask), hand).where(
            hole, masked_img)
        coarse = guess_of(coarse, hand)
        correspondence = once(
            lambda: self.correspondence(comp, mask), 'correspondence')
        if way.smooth:  # Eq. (3) is still the network's
            coarse = once(lambda: smooth_too(masked_img, mask, hand), 'smooth')
            comp, once = coarse.where(hole, masked_img), once.led_by('smooth')
        return coarse, comp, correspondence, (
            masked_img, mask, comp, correspondence, way.shifts(self.shifts),
            wanted, hand.barred, way.manner, once, hand.corners)

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
        (_, done), = self._each_hole(masked_img, mask, hand).in_ways([way])
        return self._traced(mask, done)

    def variants(self, masked_img: Tensor, mask: Tensor, count: int,
                 hand: Hand = NO_HAND) -> Iterator[
                     tuple[str, CoherentTrace]]:
        """Complete each hole in several ways, which share what does not
        depend on the way.

        Which ways is decided on the largest hole: 'guess' comes first, then
        those whose whole blocks choose what is farthest from all before; then
        those that cannot be compared so; then those that choose what one
        before does. All but 'guess' come by their energy.

        Args:
            masked_img, mask, hand: See :meth:`inpaint`.
            count (int): How many, of as many as there are ways.

        Yields:
            tuple: A way's name, and what :meth:`inpaint` makes in it.
        """
        holes = self._each_hole(masked_img, mask, hand, judged=True)
        for way, done in holes.in_ways(self._different(holes, count)):
            yield way, self._traced(mask, done)

    def _different(self, holes: EachHole, count: int) -> list[str]:
        pool = [name for name, way in WAYS.items() if way.shares]
        others = [name for name in WAYS if name not in pool]
        if count > 1 and holes.todo.any():
            crop, once = holes.largest()
            img, hole, wanted, hand = holes.asked(crop, holes.filled)
            firsts = [first_shifts(*self.led(
                img, hole, self.coarse_pixels, True, wanted, hand, WAYS[name],
                once)[3]) for name in pool]
            found = [x for x in firsts if x is not None]
            if len(found) == len(pool):
                apart = distances(found)
                order = farthest_first(apart, len(pool))
                # those that choose what an earlier one does come last
                same = [i for k, i in enumerate(order)
                        if k and not apart[order[:k], i].all()]
                pool = [pool[i] for i in order if i not in same]
                others += [x for x in WAYS if x not in [*pool, *others]]
        return [*pool, *others][:count]

    def _each_hole(self, masked_img: Tensor, mask: Tensor, hand: Hand,
                   judged: bool = False) -> EachHole:

        def complete(img, hole, wanted, hand, way, once):
            return self.complete(img, hole, self.coarse_pixels, True, wanted,
                                 hand, way, once)

        return EachHole(complete, masked_img, mask, hand, self.specks,
                        self.crops, judged)

    def _traced(self, mask: Tensor, done: Filled) -> CoherentTrace:
        out = done.out
        if self.thin is not None:
            out = self.thin(out, done.comp, mask)
        return CoherentTrace(done.comp, done.comp, None,
                             ShiftField(hole_window(mask), done.shift), out)

    forward = inpaint
