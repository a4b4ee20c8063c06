"""What an image shows at a shift from each place."""
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


class Shown(NamedTuple):
    """An image in which shifts may lead outside: maps (H, W, C) with a margin
    of zeros."""
    maps: Tensor
    margin: int

    @classmethod
    def of(cls, maps: Tensor, margin: int) -> 'Shown':
        """Maps (C, H, W), 0 in the margin."""
        maps = F.pad(maps, (margin, ) * 4)
        return cls(maps.permute(1, 2, 0).contiguous(), margin)

    def channels(self, which: slice) -> 'Shown':
        """Some of the maps."""
        return self._replace(maps=self.maps[..., which])

    def at(self, places: Tensor) -> Tensor:
        """Pixels (..., 2) of the image: (..., C)."""
        y, x = (places + self.margin).unbind(-1)
        index = (y * self.maps.shape[1] + x).flatten()
        pixels = self.maps.flatten(0, 1)
        return pixels.index_select(0, index).unflatten(0, y.shape)


def within(shifts: Tensor, height: int, width: int) -> Tensor:
    """Those of the shifts (M, 2) that do not lead out of any image of that
    size."""
    return shifts[(shifts.abs() < shifts.new_tensor([height, width])).all(1)]
