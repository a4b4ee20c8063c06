"""Look a picture up at any places: one rule for each kind of border."""
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


def inside(y: Tensor, x: Tensor, height: int, width: int) -> Tensor:
    """Return which places lie in an image of H x W pixels, bool."""
    return (y >= 0) & (y < height) & (x >= 0) & (x < width)


def clamped(y: Tensor, x: Tensor, height: int, width: int) -> Tensor:
    """Return the flat index of places; beyond a border that of its pixel."""
    return y.clamp(0, height - 1) * width + x.clamp(0, width - 1)


def mirrored(place: Tensor, length: int) -> Tensor:
    """Return places along one axis, those beyond a border as their reflection
    in it; what lies beyond the reflection is its last pixel."""
    last = length - 1
    return (last - (last - place.abs()).abs()).clamp(0, last)


class ZeroBordered(NamedTuple):
    """Maps of an image that are looked up at any place; outside all is 0.

    Attributes:
        maps (Tensor): (H + 2, W + 2, C), with a border of zeros.
    """
    maps: Tensor

    @classmethod
    def of(cls, maps: Tensor) -> 'ZeroBordered':
        """Take maps (C, H, W)."""
        return cls(F.pad(maps, (1, 1, 1, 1)).permute(1, 2, 0).contiguous())

    def image(self) -> Tensor:
        """Return the maps, (C, H, W)."""
        return self.maps[1:-1, 1:-1].permute(2, 0, 1)

    def channels(self, which: slice) -> 'ZeroBordered':
        """Return some of the maps."""
        return ZeroBordered(self.maps[..., which])

    def at(self, places: Tensor) -> Tensor:
        """Return the pixels at places (..., 2): (..., C)."""
        index = clamped(places[..., 0] + 1, places[..., 1] + 1,
                        *self.maps.shape[:2])
        pixels = self.maps.flatten(0, 1)
        return pixels.index_select(0, index.flatten()).unflatten(
            0, index.shape)
