"""Offsets to the pixels around one."""
from typing import Optional

import torch
from torch import Tensor


def square_offsets(reach: int,
                   device: Optional[torch.device] = None) -> Tensor:
    """Return the offsets to all places at most ``reach`` rows and columns
    away, row by row: ((2 reach + 1)^2, 2), long.

    >>> square_offsets(1)[0].tolist()
    [-1, -1]
    """
    span = torch.arange(-reach, reach + 1, device=device)
    return torch.cartesian_prod(span, span)
