"""Which shift each block of a hole shows (method, section 8): all choose
together, and then again on ever smaller blocks."""
from math import ceil
from typing import NamedTuple, Optional

import torch
from torch import Tensor

from ..ops.window import size_of
from .blocks import Blocks, checkerboard, fitting_size, hole_blocks, to_pixels
from .boundary_matches import boundary_matches
from .correspondence_net import Correspondence
from .costs import FORBIDDEN, CostMaps, pairwise_costs, unary_costs
from .entries import distinct, dominant_shifts, guided_shifts, shifts_inside
from .labels import Edges, icm, min_sum
from .proposals import local_proposals
from .settings import ShiftSettings
from .straight_through_copy import straight_through_copy


class Costs(NamedTuple):
    """What B blocks choose among.

    Attributes:
        candidates (Tensor): (B, L, 2), shifts.
        unary (Tensor): (B, L), what each costs by itself.
        edges (list[Edges]): What two of them cost side by side.
    """
    candidates: Tensor
    unary: Tensor
    edges: list[Edges]


def choose_shifts(
        img: Tensor, mask: Tensor, comp: Tensor,
        correspondence: Correspondence, n: int,
        settings: ShiftSettings,
        wanted: Optional[Tensor] = None,
        barred: Optional[Tensor] = None) -> tuple[Tensor, Optional[Tensor]]:
    """Choose the shift of each pixel of one image's hole.

    Args:
        img, comp (Tensor): I_m and I_comp, (3, H, W) in [0, 1].
        mask (Tensor): (1, H, W), 1 = hole.
        correspondence (Correspondence): Of a batch.
        n (int): Which of the batch this is.
        settings (ShiftSettings): Of the choice.
        wanted (Tensor, optional): (1, H, W), 1 = hole pixels that get a
            shift. Defaults to all.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and not to be
            copied. Defaults to the hole.

    Returns:
        tuple: The shifts, (2, H, W), long, 0 where no entry is usable
        or none is wanted; and
        zeros (3, H, W) with the gradient of the soft choice, None where no
        gradient is asked for.
    """
    size = size_of(mask)
    shift = mask.new_zeros(2, *size, dtype=torch.long)
    wanted = mask if wanted is None else wanted
    if not wanted.any():
        return shift, None
    maps = CostMaps.of(img, mask, comp, settings.sigma, barred)
    blocks = hole_blocks(wanted, fitting_size(wanted, settings.block_size))
    choice = _Choice(maps, correspondence, n, blocks.size, settings)
    shared = shifts_inside(
        distinct([
            dominant_shifts(img, mask, settings.dominant),
            guided_shifts(img, mask, comp.detach(), settings.guided,
                          settings.sigma, barred=barred)
        ]), *size)
    candidates = torch.cat([
        shared.expand(len(blocks.place), -1, -1), choice.matches(blocks)], 1)
    if not candidates.shape[1]:
        return shift, None
    found = choice.costs(blocks, candidates)
    soft = choice.soft(found, blocks) if found.unary.requires_grad else None
    with torch.no_grad():
        chosen = choice.best(found, blocks)
        for again, reach in enumerate(settings.moves):
            finer = hole_blocks(wanted, blocks.size // 2) if again else blocks
            if finer.size < 2:
                break
            candidates = local_proposals(chosen, blocks, finer, reach, size)
            if again == 1:  # quarters; finer ones gain nothing by it
                candidates = torch.cat([candidates, choice.matches(finer)], 1)
            chosen = choice.best(choice.costs(finer, candidates), finer)
            blocks = finer
        pixels, values = to_pixels(blocks, chosen, wanted)
        shift[:, pixels[:, 0], pixels[:, 1]] = values.T
    return shift, soft


class _Choice(NamedTuple):
    """What stays the same while blocks of one image choose, on ever smaller
    blocks; those of ``first_size`` come first."""
    maps: CostMaps
    correspondence: Correspondence
    n: int
    first_size: int
    settings: ShiftSettings

    def matches(self, blocks: Blocks) -> Tensor:
        """See :func:`boundary_matches`; (B, L, 2)."""
        width = ceil(self.settings.rim_width * blocks.size / self.first_size)
        return boundary_matches(self.maps, blocks, self.settings.boundary,
                                width)

    def costs(self, blocks: Blocks, candidates: Tensor) -> Costs:
        """Return what the cheapest of the candidates (B, M, 2) cost. Costs of
        areas shrink with the blocks."""
        settings, part = self.settings, blocks.size / self.first_size
        unary = unary_costs(self.maps, candidates, blocks, settings.guidance,
                            settings.rim, ceil(settings.rim_width * part))
        y, x = (blocks.first_pixel() + (blocks.size - 1) / 2).T
        log_a = self.correspondence.log_weights(self.n, y, x, candidates)
        weight = (settings.similarity * part**2 *
                  self.maps.hole(blocks).mean(1))
        unary = (unary - weight[:, None] * log_a).clamp(max=FORBIDDEN)
        unary, best = unary.topk(
            min(settings.labels_per_block, unary.shape[1]),
            dim=1,
            largest=False)
        candidates = candidates.take_along_dim(best[:, :, None], 1)
        return Costs(candidates, unary,
                     pairwise_costs(self.maps, candidates, blocks))

    def best(self, costs: Costs, blocks: Blocks) -> Tensor:
        """Return the shift that suits each block best when all choose
        together, (B, 2), 0 where it is forbidden."""
        candidates, unary, edges = costs
        beliefs = min_sum(unary, edges, self.settings.rounds)
        label = icm(beliefs.argmin(1), unary, edges, checkerboard(blocks))
        label = label[:, None]
        usable = unary.gather(1, label) < FORBIDDEN
        return candidates.take_along_dim(label[:, :, None], 1)[:, 0] * usable

    def soft(self, costs: Costs, blocks: Blocks) -> Tensor:
        """Return the soft choice of Eq. (5), (3, H, W), zeros with a
        gradient."""
        temperature = self.settings.temperature
        beliefs = min_sum(costs.unary, costs.edges, self.settings.rounds,
                          temperature=temperature)
        return straight_through_copy(
            self.maps, costs.candidates,
            (-beliefs / temperature).softmax(1), blocks)
