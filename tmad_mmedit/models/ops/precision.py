from functools import wraps
from typing import Callable

import torch
from torch import Tensor


def in_full_precision(function: Callable) -> Callable:
    """Have autocast leave a function of an image and more alone: half
    precision cannot tell one shift from the next."""

    @wraps(function)
    def run(img: Tensor, *args, **kwargs):
        with torch.autocast(img.device.type, enabled=False):
            return function(img, *args, **kwargs)

    return run
