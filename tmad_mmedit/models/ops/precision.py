from functools import wraps
from typing import Callable

import torch
from torch import Tensor


def in_full_precision(method: Callable) -> Callable:
    """A method of an image and more that autocast leaves alone: half precision
    cannot tell one shift from the next."""

    @wraps(method)
    def run(self, img: Tensor, *args, **kwargs):
        with torch.autocast(img.device.type, enabled=False):
            return method(self, img, *args, **kwargs)

    return run
