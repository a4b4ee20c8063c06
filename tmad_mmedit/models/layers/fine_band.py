"""What of an image is finer than a box."""
import torch.nn.functional as F
from torch import Tensor


def fine_band(x: Tensor, blur: int) -> Tensor:
    """An image, (N, C, H, W), without its blurred copy.

    Args:
        x (Tensor): (N, C, H, W).
        blur (int): Side of the box, odd, whose mean is taken away; at the
            border, of the pixels that are there.
    """
    return x - F.avg_pool2d(x, blur, 1, blur // 2, count_include_pad=False)


def check_blur(blur: int) -> None:
    """A box must have a pixel in its middle.

    Raises:
        ValueError: If blur is even.
    """
    if blur % 2 == 0:
        raise ValueError(f'blur={blur} is even: set it to an odd number of '
                         'pixels.')
