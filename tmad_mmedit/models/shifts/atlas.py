"""A picture and, beside it, what it shows in perspective: so that each entry
of a texture memory is a shift, and shifts are all that blocks choose."""
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.holes import dilated
from ..ops.window import Window, hole_window, size_of, whole
from .planes.sight import Sight, sample, shown

MARGIN = 32  # pixels around the hole that a tile shows, too
BESIDE = 2  # pixels beside a hole at which cubic interpolation looks into it


class Tiles(NamedTuple):
    """Where the tiles stand, of which each shows one entry.

    Attributes:
        window (Window): Of the picture, what each tile shows something for.
        first (int): The column at which the first begins.
        number (int): How many there are, one beside the other.
    """
    window: Window
    first: int
    number: int

    @classmethod
    def beside(cls, window: Window, width: int, number: int) -> 'Tiles':
        """Put tiles so far from a picture of that width that no shift of the
        picture's own leads to them."""
        return cls(window, 2 * width, number)

    @property
    def pitch(self) -> int:
        """Columns from one tile to the next."""
        return self.window.right - self.window.left + MARGIN

    @property
    def last(self) -> int:
        """The column at which they end."""
        return self.first + self.number * self.pitch

    def shifts(self) -> Tensor:
        """(K, 2), long, the shifts that lead into each tile."""
        return self.join(torch.arange(self.number),
                         torch.zeros(2, self.number, dtype=torch.long)).T

    def split(self, shift: Tensor) -> tuple[Tensor, Tensor]:
        """Say into which tile shifts (2, ...) lead, (...), -1 for the picture
        itself, and by how much more, (2, ...)."""
        least = self.first - self.window.left - MARGIN // 2
        tile = (shift[1] - least).div(self.pitch, rounding_mode='floor')
        tile = tile.clamp(min=-1)
        return tile, shift - self._to(tile)

    def join(self, tile: Tensor, rest: Tensor) -> Tensor:
        """The reverse of :meth:`split`."""
        return rest + self._to(tile)

    def _to(self, tile: Tensor) -> Tensor:
        right = tile * self.pitch + self.first - self.window.left
        right = right.where(tile >= 0, torch.zeros_like(right))
        return torch.stack([torch.zeros_like(right), right])


class Atlas(NamedTuple):
    """A picture with tiles beside it.

    Attributes:
        img (Tensor): I_m, (C, H, W'), 0 where nothing is known.
        mask (Tensor): (1, H, W'), 1 = hole, or nothing is there.
        barred (Tensor): (1, H, W'), 1 = hole, nothing, or not to be copied.
        origin (Tensor): (2, H, W'), the row and column of the picture that
            each pixel shows.
        tiles (Tiles): Where they stand.
    """
    img: Tensor
    mask: Tensor
    barred: Tensor
    origin: Tensor
    tiles: Tiles

    @classmethod
    def of(cls, img: Tensor, mask: Tensor, barred: Optional[Tensor],
           wanted: Tensor, entries: Tensor) -> 'Atlas':
        """Look each entry up, once.

        Args:
            img (Tensor): I_m, (C, H, W).
            mask (Tensor): (1, H, W), 1 = hole.
            barred (Tensor, optional): (1, H, W), 1 = hole, or known and not
                to be copied. Defaults to the hole.
            wanted (Tensor): (1, H, W), 1 = hole pixels that are searched for.
            entries (Tensor): (K, 3, 3), double: what an entry shows at a
                pixel (x, y, 1) of the picture is at its product with it.
        """
        size, device = size_of(mask), img.device
        window = hole_window(wanted[None]).grown(MARGIN, whole(mask))
        tiles = Tiles.beside(window, size[1], len(entries))
        barred = mask if barred is None else barred
        beyond = 0, tiles.last - size[1]
        atlas = cls(
            F.pad(img, beyond), F.pad(mask, beyond, value=1),
            F.pad(barred, beyond, value=1),
            F.pad(_places(whole(mask), device).movedim(2, 0).flip(0).to(img),
                  beyond), tiles)
        free = 1 - dilated(barred, BESIDE)
        places = _places(window, device)
        for k, entry in enumerate(entries.to(device)):
            right = tiles.first + k * tiles.pitch - window.left
            tile = window.moved(0, right)
            sight = Sight.of(entry, places)
            there = (sight.shows(size) *
                     sample(free, sight.there, 'nearest')).to(img)
            tile.cut(atlas.img).copy_(shown(img, entry, places) * there)
            tile.cut(atlas.mask).copy_(1 - there)
            tile.cut(atlas.barred).copy_(1 - there)
            tile.cut(atlas.origin).copy_(sight.there.movedim(2, 0).flip(0))
        return atlas

    def used(self, shift: Tensor, wanted: Tensor) -> float:
        """For which part of the pixels that are wanted, (1, H, W), shifts
        (2, H, W) lead into tiles."""
        tile, _ = self.tiles.split(shift[:, wanted[0] > 0])
        return float((tile >= 0).float().mean())

    def in_picture(self, y: Tensor, x: Tensor, shifts: Tensor) -> Tensor:
        """Return what shifts (P, M, 2) of P places y, x would be, could they
        lead in the picture itself to what they show; (P, M, 2), float."""
        place = torch.stack([y, x], 1)[:, None]
        there = place + shifts
        pixel = there.floor().long()
        row = pixel[..., 0].clamp(0, self.origin.shape[1] - 1)
        column = pixel[..., 1].clamp(0, self.origin.shape[2] - 1)
        origin = self.origin[:, row, column].movedim(0, 2)
        tile, _ = self.tiles.split(shifts.movedim(2, 0))
        return (origin + (there - pixel) - place).where(
            (tile >= 0)[..., None], shifts.to(origin))

    def nearest(self, shift: Tensor, window: Window) -> Tensor:
        """Return shifts, (2, h, w), that lead in the picture itself to the
        pixel nearest to what those of a window's pixels, (2, h, w), show; 0
        stays."""
        here = _places(window, shift.device).movedim(2, 0).flip(0).long()
        y, x = here + shift
        y = y.clamp(0, self.origin.shape[1] - 1)
        x = x.clamp(0, self.origin.shape[2] - 1)
        tile, _ = self.tiles.split(shift)
        found = self.origin[:, y, x].round().long() - here
        return found.where(tile >= 0, shift)


def _places(window: Window, device: torch.device) -> Tensor:
    """(h, w, 2), double, column and row of a window's pixels."""
    y, x = torch.meshgrid(
        torch.arange(window.top, window.bottom, device=device),
        torch.arange(window.left, window.right, device=device),
        indexing='ij')
    return torch.stack([x, y], 2).double()
