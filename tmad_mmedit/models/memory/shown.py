"""What an image shows at a shift from each place."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Shown(NamedTuple):
    """An image in which shifts may lead outside: maps (C, H, W) with a margin
    of zeros."""
    maps: Tensor
    margin: int

    @classmethod
    def of(cls, maps: Tensor, margin: int) -> 'Shown':
        """Maps (C, H, W), 0 in the margin."""
        return cls(F.pad(maps, (margin, ) * 4), margin)

    def channels(self, which: slice) -> 'Shown':
        """Some of the maps."""
        return self._replace(maps=self.maps[which])

    def windows(self, shifts: Tensor, top: int, left: int, height: int,
                width: int) -> Tensor:
        """One window of the image, shifted: (M, C, height, width)."""
        return torch.stack([
            self.maps[:, y:y + height, x:x + width]
            for y, x in (shifts + shifts.new_tensor([top, left]) +
                         self.margin).tolist()
        ])

    def at(self, places: Tensor) -> Tensor:
        """Pixels (..., 2) of the image: (..., C)."""
        y, x = (places + self.margin).unbind(-1)
        pixels = self.maps.permute(1, 2, 0).flatten(0, 1)
        index = (y * self.maps.shape[2] + x).flatten()
        return pixels.index_select(0, index).unflatten(0, y.shape)


def within(shifts: Tensor, height: int, width: int) -> Tensor:
    """Those of the shifts (M, 2) that do not lead out of any image of that
    size."""
    return shifts[(shifts.abs() < shifts.new_tensor([height, width])).all(1)]
