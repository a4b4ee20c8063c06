"""Which shift each block of a hole shows (method, section 8): all choose
together, and then again on ever smaller blocks."""
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import NamedTuple, Optional

import torch
from torch import Tensor

from ..ops.gather import within
from .blocks import Blocks, colours, fitting_size, hole_blocks, spread
from .boundary_matches import continuing_shifts
from .correspondence_net import Correspondence
from .costs import FORBIDDEN, CostMaps, block_costs, seams
from .entries import distinct, dominant_shifts, guided_shifts
from .labels import Edges, min_sum, refined
from .proposals import moved_candidates
from .soft_choice import softly_shown


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


@dataclass(frozen=True)
class ShiftChoice:
    """Chooses the K shifts of each pixel of a hole; ``count`` is K, all else
    as :class:`CoherentRetriever` has it."""
    count: int
    block_size: int
    dominant: int
    guided: int
    continuing: int
    labels_per_block: int
    similarity: float
    guidance: float
    rim: float
    rim_width: int
    sigma: float
    rounds: int
    temperature: float
    moves: tuple[int, ...]

    def __call__(self, img: Tensor, mask: Tensor, comp: Tensor,
                correspondence: Correspondence,
                image: int) -> tuple[Tensor, Optional[Tensor]]:
        """Of one image.

        Args:
            img, comp (Tensor): I_m and I_comp, (3, H, W) in [0, 1].
            mask (Tensor): (1, H, W), 1 = hole.
            correspondence (Correspondence): Of a batch.
            image (int): Which of the batch this is.

        Returns:
            tuple: The shifts, (K, 2, H, W), long, 0 where no entry is usable;
            and zeros (3, H, W) with the gradient of the soft choice, None
            where no gradient is asked for.
        """
        field = mask.new_zeros(
            self.count, 2, *mask.shape[-2:], dtype=torch.long)
        if not mask.any():
            return field, None
        size = mask.shape[-2:]
        shifts = within(
            distinct([
                dominant_shifts(img, mask, self.dominant),
                guided_shifts(img, mask, comp.detach(), self.guided,
                              self.sigma)
            ]), *size)
        blocks = hole_blocks(mask, fitting_size(mask, self.block_size))
        maps = CostMaps.of(img, mask, comp, self.sigma)
        costs = partial(
            self._costs, maps, correspondence, image, blocks.size)
        continuing = partial(self._continuing, maps, blocks.size)
        candidates = torch.cat([
            shifts.expand(len(blocks.place), -1, -1), continuing(blocks)], 1)
        if not candidates.shape[1]:
            return field, None
        found = costs(blocks, candidates)
        soft = None
        if found.unary.requires_grad:
            beliefs = min_sum(
                found.unary, found.edges, self.rounds,
                temperature=self.temperature)
            soft = softly_shown(
                maps, found.candidates,
                (-beliefs / self.temperature).softmax(1), blocks)
        with torch.no_grad():
            chosen = self._best(found, blocks, self.count)
            pixels, values = spread(blocks, chosen.flatten(1), mask)
            field[:, :, pixels[:, 0], pixels[:, 1]] = values.T.view(
                self.count, 2, -1)
            chosen = chosen[:, 0]
            for again, reach in enumerate(self.moves):
                finer = (
                    hole_blocks(mask, blocks.size // 2) if again else blocks)
                if finer.size < 2:
                    break
                candidates = moved_candidates(
                    chosen, blocks, finer, reach, size)
                if again == 1:  # quarters; finer ones gain nothing by it
                    candidates = torch.cat([candidates, continuing(finer)], 1)
                found, blocks = costs(finer, candidates), finer
                chosen = self._best(found, blocks, 1)[:, 0]
            pixels, values = spread(blocks, chosen, mask)
            field[0, :, pixels[:, 0], pixels[:, 1]] = values.T
        return field, soft

    def _continuing(self, maps: CostMaps, first_size: int,
                    blocks: Blocks) -> Tensor:
        """See :func:`continuing_shifts`; (B, L, 2)."""
        width = ceil(self.rim_width * blocks.size / first_size)
        return continuing_shifts(maps, blocks, self.continuing, width)

    def _costs(self, maps: CostMaps, correspondence: Correspondence,
               image: int, first_size: int, blocks: Blocks,
               candidates: Tensor) -> Costs:
        """What the cheapest of the candidates (B, M, 2) cost. Costs of areas
        shrink with the blocks, from ``first_size`` on."""
        part = blocks.size / first_size
        unary = block_costs(maps, candidates, blocks, self.guidance, self.rim,
                            ceil(self.rim_width * part))
        middle = blocks.first_pixel() + (blocks.size - 1) / 2
        log_a = correspondence.log_weights(image, *middle.T, candidates)
        weight = self.similarity * part**2 * maps.hole(blocks).mean(1)
        unary = (unary - weight[:, None] * log_a).clamp(max=FORBIDDEN)
        unary, best = unary.topk(
            min(self.labels_per_block, unary.shape[1]), dim=1, largest=False)
        candidates = candidates.take_along_dim(best[:, :, None], 1)
        return Costs(candidates, unary, seams(maps, candidates, blocks))

    def _best(self, costs: Costs, blocks: Blocks, count: int) -> Tensor:
        """The shifts that suit each block best when all choose together,
        (B, count, 2), 0 for those that are forbidden."""
        candidates, unary, edges = costs
        beliefs = min_sum(unary, edges, self.rounds)
        best = refined(beliefs.argmin(1), unary, edges, colours(blocks))
        order = beliefs.scatter(1, best[:, None], -torch.inf).argsort(1)
        k = torch.arange(count, device=order.device)
        order = order[:, k.clamp(max=order.shape[1] - 1)]
        usable = unary.gather(1, order) < FORBIDDEN
        return (candidates.take_along_dim(order[:, :, None], 1) *
                usable[:, :, None])
