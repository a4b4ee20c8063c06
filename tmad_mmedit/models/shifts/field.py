from typing import NamedTuple, Optional

from torch import Tensor

from ..ops.window import Window


class ShiftField(NamedTuple):
    """Where each pixel x of the holes of N images takes its texture from:
    what it shows is ``I_m(x + d)``.

    Attributes:
        window (Window): h x w pixels with all holes in it.
        shift (Tensor): d, (N, 2, h, w), long, down and right; 0 where no
            entry shows known pixels alone.
        soft (Tensor, optional): (N, 3, H, W), zeros with the gradient of the
            soft choice, Eq. (5); None where no gradient is asked for.
    """
    window: Window
    shift: Tensor
    soft: Optional[Tensor] = None
