"""What an image shows at a shift from each place."""
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


class Shown(NamedTuple):
    """An image in which shifts may lead outside, where all is 0.

    Attributes:
        maps (Tensor): (H + 2, W + 2, C), with a border of zeros.
    """
    maps: Tensor

    @classmethod
    def of(cls, maps: Tensor) -> 'Shown':
        """Maps (C, H, W)."""
        return cls(F.pad(maps, (1, 1, 1, 1)).permute(1, 2, 0).contiguous())

    def image(self) -> Tensor:
        """The maps, (C, H, W)."""
        return self.maps[1:-1, 1:-1].permute(2, 0, 1)

    def channels(self, which: slice) -> 'Shown':
        """Some of the maps."""
        return Shown(self.maps[..., which])

    def at(self, places: Tensor) -> Tensor:
        """Pixels (..., 2) of the image: (..., C)."""
        height, width = self.maps.shape[:2]
        y = (places[..., 0] + 1).clamp(0, height - 1)
        x = (places[..., 1] + 1).clamp(0, width - 1)
        pixels = self.maps.flatten(0, 1)
        return pixels.index_select(0, (y * width + x).flatten()).unflatten(
            0, y.shape)


def within(shifts: Tensor, height: int, width: int) -> Tensor:
    """Those of the shifts (M, 2) that do not lead out of any image of that
    size."""
    return shifts[(shifts.abs() < shifts.new_tensor([height, width])).all(1)]
