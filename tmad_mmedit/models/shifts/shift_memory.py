from typing import NamedTuple, Optional

from torch import Tensor

from ..ops.window import Window
from .correspondence_net import Correspondence


class ShiftMemory(NamedTuple):
    """Where each pixel of the holes of N images takes its texture from: what
    it shows is ``I_m(x + d)``.

    Attributes:
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        window (Window): h x w pixels with all holes in it.
        shift (Tensor): d, (N, K, 2, h, w), long, down and right: the chosen
            entry first, then those that suited the pixel's block next best;
            0 where no entry shows known pixels alone.
        correspondence (Correspondence, optional): What Eq. (3) compared; None
            for holes that were searched for one by one.
        soft (Tensor, optional): (N, 3, H, W), zeros with the gradient of the
            soft choice, Eq. (5); None where no gradient is asked for.
    """
    masked_img: Tensor
    mask: Tensor
    window: Window
    shift: Tensor
    correspondence: Optional[Correspondence] = None
    soft: Optional[Tensor] = None
