"""Who says whether an entry is right: what is known around the hole."""
from typing import NamedTuple

import torch
from torch import Tensor

from ...ops.gather import clamped, inside
from ...ops.holes import dilated
from ...ops.neighbours import square_offsets
from ...ops.window import hole_window, size_of
from ..surroundings import drawn_around
from .sight import Sight, sample

ASKED = 300  # places, each with what is around it
AROUND, STEP = 1, 3  # of these: so many times so many pixels to each side
HOLE = 400  # of its pixels, about, for which is asked
WORST = 0.3  # squared difference of a place for which nothing is shown
FEW = 0.1  # of the places that count for a pixel: fewer say nothing


class Witnesses(NamedTuple):
    """Known places near a hole, of a picture in [0, 1].

    Attributes:
        img (Tensor): (4, h, w), the picture, and 1 where it may be copied.
        places (Tensor): (P, D, 2), double, column and row of what is around P
            of them.
        colours (Tensor): (3, P, D), what is known there.
        known (Tensor): (P, D), 0 or 1.
        hole (Tensor): (Q, 2), double, column and row of pixels of the hole.
        near (Tensor): (P, Q), how much each counts for each pixel.
    """
    img: Tensor
    places: Tensor
    colours: Tensor
    known: Tensor
    hole: Tensor
    near: Tensor

    @classmethod
    def of(cls, img: Tensor, mask: Tensor, barred: Tensor,
           wanted: Tensor) -> 'Witnesses':
        """Draw them; see :func:`drawn_around`.

        Args:
            img (Tensor): (3, h, w) in [0, 1].
            mask, barred (Tensor): (1, h, w), 1 = hole; 1 = hole, or not to be
                copied.
            wanted (Tensor): (1, h, w), 1 = hole pixels that are searched for,
                somewhere.
        """
        pixels, side = wanted[0].nonzero(), hole_window(wanted[None]).longer
        ring = drawn_around(mask, wanted, ASKED)
        pixels = pixels[::max(len(pixels) // HOLE, 1)]
        place = ring[:, None] + STEP * square_offsets(AROUND, img.device)
        y, x = place.unbind(2)
        at = clamped(y, x, *size_of(mask))
        apart = torch.cdist(ring.to(img), pixels.to(img)) / (side / 3)
        return cls(
            torch.cat([img, 1 - dilated(barred, 1)]), place.flip(2).double(),
            img.flatten(1)[:, at], (1 - mask).flatten()[at] *
            inside(y, x, *size_of(mask)), pixels.flip(1).double(),
            (-apart.square() / 2).exp())

    def costs(self, entries: Tensor) -> Tensor:
        """Return what it costs each pixel of the hole to show each of K
        entries (3, 3), double: (K, Q), how far what these show around the
        hole is from what is known, the nearer the more; WORST, where an entry
        has nothing for it."""
        found = []
        for entry in entries:
            seen, there = self._look(entry, self.places)
            use = there * self.known
            count = use.sum(1)
            square = (seen - self.colours).square().sum(0) * use
            some = (2 * count >= self.known.sum(1)).to(use)
            error = (square.sum(1) / count.clamp(min=1)).clamp(max=WORST)
            said = some @ self.near
            mean = (error * some) @ self.near / said.clamp(min=1e-6)
            usable = (self._look(entry, self.hole)[1] > 0) & (
                said > FEW * self.near.sum(0))
            found.append(mean.where(usable, mean.new_tensor(WORST)))
        return torch.stack(found)

    def _look(self, entry: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """What an entry shows at places (..., 2), (3, ...), and 1 where it
        shows something, (...)."""
        sight = Sight.of(entry, places)
        *seen, free = sample(self.img, sight.there, 'bilinear')
        there = sight.shows(size_of(self.img)) & (free > 0.999)
        return torch.stack(seen), there.to(free)
