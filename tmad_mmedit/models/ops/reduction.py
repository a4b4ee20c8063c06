"""The reduced copy of a large picture that the coarse stage sees."""
from typing import Optional

import torch.nn.functional as F
from torch import Tensor


def reduce(masked_img: Tensor, mask: Tensor,
           max_pixels: Optional[int]) -> tuple[Tensor, Tensor]:
    """Reduce to at most ``max_pixels``, the sides' proportion kept.

    A pixel of the copy has the mean colour of the known pixels it stands for,
    and is hole where there are none.

    Args:
        masked_img (Tensor): I_m, (N, C, H, W), 0 in the hole.
        mask (Tensor): (N, 1, H, W), 1 = hole.
        max_pixels (int, optional): None for any number.

    Returns:
        tuple[Tensor, Tensor]: Both, (N, C or 1, h, w) with h w <=
        ``max_pixels``; themselves, where they are no larger.
    """
    height, width = mask.shape[-2:]
    if max_pixels is None or height * width <= max_pixels:
        return masked_img, mask
    scale = (max_pixels / (height * width))**0.5
    size = max(int(height * scale), 1), max(int(width * scale), 1)
    known = F.adaptive_avg_pool2d(1 - mask, size)
    hole = (known == 0).to(mask)
    return F.adaptive_avg_pool2d(masked_img, size) / (known + hole), hole


def enlarge(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(N, C, h, w) to (N, C, *size), bilinear; x itself if it has that
    size."""
    if x.shape[-2:] == size:
        return x
    return F.interpolate(x, size, mode='bilinear', align_corners=False)
