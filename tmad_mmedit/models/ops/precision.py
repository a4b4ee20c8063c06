from functools import wraps
from typing import Any, Callable, TypeVar

import torch
from torch import Tensor

Made = TypeVar('Made')


def in_full_precision(
        function: Callable[..., Made]) -> Callable[..., Made]:
    """Have autocast leave a function of an image and more alone: half
    precision cannot tell one shift from the next."""

    @wraps(function)
    def run(img: Tensor, *args: Any, **kwargs: Any) -> Made:
        with torch.autocast(img.device.type, enabled=False):
            return function(img, *args, **kwargs)

    return run
