from collections.abc import Sequence
from typing import NamedTuple, Optional

import torch
from torch import Tensor

from ..ops.window import Window
from .atlas import Atlas


class ShiftField(NamedTuple):
    """Where each pixel x of the holes of N images takes its texture from:
    what it shows is ``I_m(x + d)``.

    Attributes:
        window (Window): h x w pixels with all holes in it.
        shift (Tensor): d, (N, 2, h, w), long, down and right; 0 where no
            entry shows known pixels alone.
        soft (Tensor, optional): (N, 3, H, W), zeros with the gradient of the
            soft choice, Eq. (5); None where no gradient is asked for.
        atlases (Sequence[Atlas, optional]): In which the shifts of each image
            lead; None: in the image itself, as all do without any.
    """
    window: Window
    shift: Tensor
    soft: Optional[Tensor] = None
    atlases: Sequence[Optional[Atlas]] = ()

    def atlas(self, n: int) -> Optional[Atlas]:
        """The atlas of image n, into which its shifts lead, or None."""
        return self.atlases[n] if self.atlases else None

    def plain(self) -> 'ShiftField':
        """The same, without atlases: each shift leads to the pixel of the
        image that is nearest to what is shown."""
        if not any(self.atlases):
            return self._replace(atlases=())
        shift = torch.stack([
            shift if atlas is None else atlas.nearest(shift, self.window)
            for shift, atlas in zip(self.shift, self.atlases)])
        return self._replace(shift=shift, atlases=())


def to_known(shift: Tensor, hole: Tensor) -> Tensor:
    """Follow shifts that lead to where pixels of the hole were painted
    before, to where these were copied from.

    Args:
        shift (Tensor): (2, h, w), long, of a window with the whole hole in
            it.
        hole (Tensor): (h, w), bool.

    Returns:
        Tensor: (2, h, w); 0 where the way ends in the hole.
    """
    shift, places = shift.clone(), hole.nonzero()
    limit = places.new_tensor(hole.shape)
    while len(places):
        to = places + shift[:, places[:, 0], places[:, 1]].T
        inside = ((to >= 0) & (to < limit)).all(1)
        places, to = places[inside], to[inside]
        places, to = (x[hole[tuple(to.T)]] for x in (places, to))
        further = shift[:, to[:, 0], to[:, 1]]
        shift[:, places[:, 0], places[:, 1]] = torch.where(
            further.any(0), shift[:, places[:, 0], places[:, 1]] + further,
            torch.zeros_like(further))
        places = places[further.any(0)]
    return shift
