"""What an entry that follows perspective shows: a homography says where in the
picture that is."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

FINEST, COARSEST = 0.6, 3.  # pixels of the picture to one that is shown
SHARP = 1.2  # up to so many, one sample is enough


class Sight(NamedTuple):
    """Where places (...) look, through an entry.

    Attributes:
        there (Tensor): (..., 2), double, column and row of the picture.
        scale (Tensor): (...), double, pixels of the picture to one here.
        ahead (Tensor): (...), bool, whether that is in front of the horizon.
    """
    there: Tensor
    scale: Tensor
    ahead: Tensor

    @classmethod
    def of(cls, entry: Tensor, places: Tensor) -> 'Sight':
        """Look from places (..., 2), double, column and row, through an entry
        (3, 3), double."""
        x, y, w = (places @ entry[:, :2].T + entry[:, 2]).unbind(-1)
        ahead = w > 1e-6
        w = w.where(ahead, torch.ones_like(w))
        return cls(torch.stack([x / w, y / w], -1),
                   (torch.linalg.det(entry).abs() / w**3).sqrt(), ahead)

    def shows(self, size: tuple[int, int]) -> Tensor:
        """Say where the picture, (h, w), has something that is neither much
        too coarse nor much too fine to be shown: (...), bool."""
        height, width = size
        x, y = self.there.unbind(-1)
        return (self.ahead & (x >= 0) & (x <= width - 1) & (y >= 0) &
                (y <= height - 1) & (self.scale > FINEST) &
                (self.scale < COARSEST))


def sample(img: Tensor, there: Tensor, mode: str) -> Tensor:
    """Interpolate an image (C, H, W) at columns and rows (..., 2): (C, ...);
    what is beyond the border is as the border."""
    height, width = img.shape[-2:]
    size = there.new_tensor([width, height])
    grid = ((there + 0.5) / size * 2 - 1).clamp(-3, 3).to(img)
    found = F.grid_sample(img[None], grid.reshape(1, -1, 1, 2), mode,
                          'border', False)
    return found[0, :, :, 0].unflatten(1, there.shape[:-1])


def shown(img: Tensor, entry: Tensor, places: Tensor) -> Tensor:
    """Return what an entry shows, (C, ...), by cubic interpolation.

    What is seen from farther away than it was taken is averaged, from four
    samples a pixel.

    Args:
        img (Tensor): (C, H, W).
        entry (Tensor): (3, 3), double.
        places (Tensor): (..., 2), double, column and row.
    """
    there, scale, _ = Sight.of(entry, places)
    if not (scale > SHARP).any():
        return sample(img, there, 'bicubic')
    half = ((scale - 1).clamp(0, 1) / 4)[..., None]
    corners = [places.new_tensor([x, y]) for x in (-1, 1) for y in (-1, 1)]
    return torch.stack([
        sample(img, Sight.of(entry, places + half * x).there, 'bicubic')
        for x in corners]).mean(0)
