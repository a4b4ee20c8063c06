"""What lies around a hole, as a witness of what is in it: structure goes on
inwards, farther than the rim can tell."""
from typing import NamedTuple

import torch
from torch import Tensor

from ..ops.holes import dilated
from ..ops.window import hole_window
from .blocks import Blocks
from .costs import UNKNOWN, CostMaps
from .entries import drawn

DRAWN = 1024  # known pixels around a hole
BESIDE = 8  # pixels beside a hole that are around it, however small it is
MOST = 0.3  # squared difference of a pixel: more is not told apart


def drawn_around(mask: Tensor, wanted: Tensor, count: int) -> Tensor:
    """Draw known pixels that are at most half a hole's longer side away from
    it, by a fixed seed: (P, 2), long.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        wanted (Tensor): (1, H, W), 1 = hole pixels that are searched for,
            somewhere.
        count (int): P, at most.
    """
    side = hole_window(wanted[None]).longer
    ring = (dilated(wanted, side // 2 + BESIDE) > 0) & (mask == 0)
    pixels = ring[0].nonzero()
    return pixels[drawn(len(pixels), count).to(pixels.device)]


class Surroundings(NamedTuple):
    """Known pixels around a hole, of which each block asks the nearest.

    Attributes:
        pixels (Tensor): (P, 2), long.
    """
    pixels: Tensor

    @classmethod
    def of(cls, mask: Tensor, wanted: Tensor) -> 'Surroundings':
        """Draw them; see :func:`drawn_around`."""
        return cls(drawn_around(mask, wanted, DRAWN))

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
