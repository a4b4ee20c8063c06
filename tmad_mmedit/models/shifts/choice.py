"""Which shift each block of a hole shows (method, section 8): all choose
together, and then again on ever smaller blocks."""
from math import ceil
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.once import Once
from ..ops.window import hole_window, size_of, whole
from .atlas import Atlas
from .blocks import Blocks, checkerboard, fitting_size, hole_blocks, to_pixels
from .boundary_matches import boundary_matches
from .correspondence_net import Correspondence
from .costs import FORBIDDEN, CostMaps, pairwise_costs, unary_parts
from .entries import distinct, dominant_shifts, guided_shifts, shifts_inside
from .labels import Edges, icm, min_sum
from .proposals import local_proposals
from .settings import Manner, ShiftSettings
from .straight_through_copy import straight_through_copy
from .surroundings import Surroundings

PLAIN = Manner()
FAR = 1e3  # what an entry from far away costs more, where near ones are sought
BESIDE = 32  # pixels beside a hole that are near it, at least


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
        barred: Optional[Tensor] = None,
        manner: Manner = PLAIN,
        once: Optional[Once] = None,
        atlas: Optional[Atlas] = None) -> tuple[Tensor, Optional[Tensor]]:
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
        manner (Manner): Of the first choice. Defaults to that of the
            settings.
        once (Once, optional): What results of the same image share.
        atlas (Atlas, optional): The same image with tiles beside it, into
            which shifts may lead, too. Defaults to none.

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
    first = first_choice(img, mask, comp, correspondence, n, settings, wanted,
                         barred, manner, once or Once(), atlas)
    if first is None:
        return shift, None
    choice, blocks, chosen, soft = first
    if atlas is not None:
        size = size_of(atlas.mask)
    with torch.no_grad():
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


class First(NamedTuple):
    """What whole blocks choose.

    Attributes:
        choice (_Choice): For smaller ones to choose by.
        blocks (Blocks): B of them.
        chosen (Tensor): (B, 2), their shifts, 0 where none is usable.
        soft (Tensor, optional): See :func:`choose_shifts`.
    """
    choice: '_Choice'
    blocks: Blocks
    chosen: Tensor
    soft: Optional[Tensor]


def first_choice(img: Tensor, mask: Tensor, comp: Tensor,
                 correspondence: Correspondence, n: int,
                 settings: ShiftSettings, wanted: Tensor,
                 barred: Optional[Tensor], manner: Manner,
                 once: Once, atlas: Optional[Atlas] = None
                 ) -> Optional[First]:
    """Let whole blocks choose; see :func:`choose_shifts`. None where there is
    nothing to choose from."""
    key = (n, settings.block_size, settings.guidance, manner,
           atlas is not None)
    return once.own(lambda: _first_choice(
        img, mask, comp, correspondence, n, settings, wanted, barred, manner,
        once, atlas), 'first', *key)


def _first_choice(img, mask, comp, correspondence, n, settings, wanted,
                  barred, manner, once, atlas):
    size = size_of(mask)
    maps = once.own(lambda: CostMaps.of(
        img, mask, comp, settings.sigma, barred), 'maps', n, settings.sigma)
    blocks = hole_blocks(wanted, fitting_size(wanted, settings.block_size))
    choice = _Choice(maps, maps, correspondence, n, blocks.size, settings,
                     once, around(wanted) if manner.near else None)
    shared = once.own(lambda: shifts_inside(
        distinct([
            once(lambda: dominant_shifts(img, mask, settings.dominant),
                 'dominant', n),
            guided_shifts(img, mask, comp.detach(), settings.guided,
                          settings.sigma, barred=barred)
        ]), *size), 'shared', n, settings.sigma)
    if atlas is not None:
        shared = torch.cat([shared, atlas.tiles.shifts().to(shared)])
        beyond = 0, atlas.tiles.last - size[1]
        choice = choice._replace(
            maps=once.own(lambda: CostMaps.of(
                atlas.img, atlas.mask, F.pad(comp, beyond), settings.sigma,
                atlas.barred), 'maps of the atlas', n, settings.sigma),
            atlas=atlas, witnesses=Surroundings.of(mask, wanted))
    matches = choice.matches(blocks)
    candidates = torch.cat([
        shared.expand(len(blocks.place), -1, -1), matches], 1)
    if not candidates.shape[1]:
        return None
    if manner.large and fitting_size(wanted, 2 * blocks.size) > blocks.size:
        return First(choice, blocks, choice.by_fours(
            hole_blocks(wanted, 2 * blocks.size), blocks, shared, matches),
            None)
    found = choice.costs(blocks, candidates, first=True)
    soft = choice.soft(found, blocks) if found.unary.requires_grad else None
    with torch.no_grad():
        chosen = choice.best(found, blocks)
    return First(choice, blocks, chosen, soft)


def around(wanted: Tensor) -> Tensor:
    """Return rows and columns, (2, 2), first and last, of what lies near a
    hole, (1, H, W): half as far from it as it is long."""
    window = hole_window(wanted[None])
    window = window.grown(max(window.longer // 2, BESIDE), whole(wanted))
    return torch.tensor([[window.top, window.left],
                         [window.bottom - 1, window.right - 1]],
                        device=wanted.device)


class _Choice(NamedTuple):
    """What stays the same while blocks of one image choose, on ever smaller
    blocks; those of ``first_size`` come first. ``maps`` are of the atlas, if
    there is one, ``own`` of the image alone."""
    maps: CostMaps
    own: CostMaps
    correspondence: Correspondence
    n: int
    first_size: int
    settings: ShiftSettings
    once: Once
    near: Optional[Tensor] = None
    atlas: Optional[Atlas] = None
    witnesses: Optional[Surroundings] = None

    def matches(self, blocks: Blocks) -> Tensor:
        """See :func:`boundary_matches`; (B, L, 2)."""
        width = ceil(self.settings.rim_width * blocks.size / self.first_size)
        return self.once(lambda: boundary_matches(
            self.own, blocks, self.settings.boundary, width),
            'matches', self.n, blocks.size, width)

    def costs(self, blocks: Blocks, candidates: Tensor,
              first: bool = False) -> Costs:
        """Return what the cheapest of the candidates (B, M, 2) cost. Costs of
        areas shrink with the blocks. What whole blocks choose from ``first``
        is the same for all that a guess leads."""
        settings, part = self.settings, blocks.size / self.first_size
        (like_guess, like_rim, lost), unlike, log_a = self.once.own(
            lambda: self._parts(blocks, candidates, part), 'parts', self.n,
            blocks.size, self.atlas is not None) if first else (
                self._parts(blocks, candidates, part))
        unary = (settings.guidance * like_guess + settings.rim * like_rim +
                 FORBIDDEN * lost).clamp(max=FORBIDDEN)
        weight = (settings.similarity * part**2 *
                  self.maps.hole(blocks).mean(1))
        unary = unary - weight[:, None] * log_a
        if unlike is not None:
            unary = unary + settings.around * unlike
        if self.near is not None:
            there = (blocks.first_pixel() + blocks.size // 2)[
                :, None] + candidates
            unary = unary + FAR * ((there < self.near[0]) |
                                   (there > self.near[1])).any(2)
        unary, best = unary.clamp(max=FORBIDDEN).topk(
            min(settings.labels_per_block, unary.shape[1]),
            dim=1,
            largest=False)
        candidates = candidates.take_along_dim(best[:, :, None], 1)
        return Costs(candidates, unary,
                     pairwise_costs(self.maps, candidates, blocks))

    def _parts(self, blocks: Blocks, candidates: Tensor,
               part: float) -> tuple[tuple[Tensor, ...], Optional[Tensor],
                                     Tensor]:
        y, x = (blocks.first_pixel() + (blocks.size - 1) / 2).T
        unlike, shifts = None, candidates
        if self.atlas is not None and self.witnesses is not None:
            shifts = self.atlas.in_picture(y, x, candidates)
            unlike = self.maps.hole(blocks).sum(1)[:, None] * (
                self.witnesses.costs(self.maps, candidates, blocks,
                                     self.settings.around_pixels))
        return (unary_parts(self.maps, candidates, blocks,
                            ceil(self.settings.rim_width * part)), unlike,
                self.correspondence.log_weights(self.n, y, x, shifts))

    @torch.no_grad()
    def by_fours(self, wide: Blocks, blocks: Blocks, shared: Tensor,
                 matches: Tensor) -> Tensor:
        """Let blocks twice as large choose, each from what is shared, (M, 2),
        and from the matches, (B, L, 2), of those that it is made of; (B, 2),
        the shifts of these."""
        which = wide.numbers()[tuple((blocks.place // 2).T)]  # of each, (B, )
        part = (blocks.place % 2 @ blocks.place.new_tensor([2, 1]))
        own = matches.new_zeros(len(wide.place), 4, *matches.shape[1:])
        own[which, part] = matches
        choice = self._replace(first_size=wide.size)
        return choice.best(choice.costs(wide, torch.cat([
            shared.expand(len(own), -1, -1), own.flatten(1, 2)], 1)),
            wide)[which]

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
