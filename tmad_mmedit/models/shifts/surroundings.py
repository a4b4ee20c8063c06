"""What lies around a hole, as a witness of what is in it: structure goes on
inwards, farther than the rim can tell."""
from typing import NamedTuple

import torch
from torch import Tensor

from ..ops.holes import dilated
from .blocks import Blocks
from .costs import UNKNOWN, CostMaps

DRAWN = 1024  # known pixels around a hole
MOST = 0.3  # squared difference of a pixel: more is not told apart


class Surroundings(NamedTuple):
    """Known pixels around a hole, of which each block asks the nearest.

    Attributes:
        pixels (Tensor): (P, 2), long.
    """
    pixels: Tensor

    @classmethod
    def of(cls, mask: Tensor, wanted: Tensor) -> 'Surroundings':
        """Draw them by a fixed seed, from what is at most half the hole's
        longer side away.

        Args:
            mask (Tensor): (1, H, W), 1 = hole.
            wanted (Tensor): (1, H, W), 1 = hole pixels that are searched for,
                somewhere.
        """
        hole = wanted[0].nonzero()
        side = int((hole.amax(0) - hole.amin(0)).amax()) + 1
        ring = (dilated(wanted, side // 2 + 8) > 0) & (mask == 0)
        draw = torch.Generator().manual_seed(0)
        ring = ring[0].nonzero()
        which = torch.randperm(len(ring), generator=draw)[:DRAWN]
        return cls(ring[which.to(ring.device)])

    def costs(self, maps: CostMaps, candidates: Tensor, blocks: Blocks,
              asked: int, at_once: int = 2**20) -> Tensor:
        """Return how little what lies around a block recurs at an entry:
        ``|I(x + d) - I(x)|^2``, the mean of the ``asked`` pixels that are
        nearest, UNKNOWN for those of which x + d is not known.

        Args:
            maps (CostMaps): Of the image.
            candidates (Tensor): (B, L, 2), shifts.
            blocks (Blocks): B of them.
            asked (int): R.
            at_once (int): Pixels shown at a time, which bounds the memory.

        Returns:
            Tensor: (B, L); 0 where nothing is known.
        """
        asked = min(asked, len(self.pixels))
        if not asked:
            return maps.mask.new_zeros(candidates.shape[:2])
        middle = blocks.first_pixel() + (blocks.size - 1) / 2
        apart = torch.cdist(middle, self.pixels.to(middle))
        pixels = self.pixels[apart.topk(asked, 1, largest=False).indices]
        own = maps.known.at(pixels)[:, None, :, :3]
        step = max(at_once // (len(candidates) * asked), 1)
        costs = []
        for part in candidates.split(step, 1):
            *there, known = maps.known.at(
                pixels[:, None] + part[:, :, None]).unbind(3)
            cost = sum((x - y).square()
                       for x, y in zip(there, own.unbind(3)))
            cost = (cost.clamp(max=MOST) - UNKNOWN) * known + UNKNOWN
            costs.append(cost.mean(2))
        return torch.cat(costs, 1)
