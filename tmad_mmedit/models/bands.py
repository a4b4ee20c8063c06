"""The two bands of an image: its shading, and the texture upon it."""
from typing import Tuple

import torch.nn.functional as F
from torch import Tensor


def bands(x: Tensor, blur: int) -> Tuple[Tensor, Tensor]:
    """Shading and texture, whose sum is the image.

    Args:
        x (Tensor): (N, C, H, W).
        blur (int): Side of the box, odd, whose mean is the shading; at the
            border, of the pixels that are there.
    """
    shading = F.avg_pool2d(x, blur, 1, blur // 2, count_include_pad=False)
    return shading, x - shading


def check_blur(blur: int) -> None:
    """A box must have a pixel in its middle.

    Raises:
        ValueError: If blur is even.
    """
    if blur % 2 == 0:
        raise ValueError(f'blur={blur} is even: set it to an odd number of '
                         'pixels.')
