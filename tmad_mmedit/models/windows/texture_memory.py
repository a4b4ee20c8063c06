"""The texture memory of Sec. III-B: real windows of the image itself."""
from typing import NamedTuple, Optional

import torch
from torch import Tensor

from ..ops.cells import reflect


class TextureMemory(NamedTuple):
    """M windows per image and where they were cut: what one holds of a batch
    of images, to search it for any number of queries.

    Attributes:
        patches (Tensor): (N, M, C, s, s).
        top (Tensor): (N, M), row of the windows' first pixel.
        left (Tensor): (N, M), its column.
        hole (Tensor): (N, M), hole pixels in the window, 0 if it is valid.
        keys (Tensor, optional): phi of the windows, of length 1, (N, M, D),
            once a retriever has embedded them.
    """
    patches: Tensor
    top: Tensor
    left: Tensor
    hole: Tensor
    keys: Optional[Tensor] = None


def window_starts(length: int, size: int, stride: int,
                  device: torch.device) -> Tensor:
    """First pixels of the windows along one axis; the last one ends at the
    border, so that every pixel lies in a window."""
    last = length - size
    count = -(-last // stride) + 1
    return (torch.arange(count, device=device) * stride).clamp(max=last)


def window_sums(x: Tensor, size: int, top: Tensor, left: Tensor) -> Tensor:
    """Sums over the s x s windows at all pairs of ``top`` and ``left``, by a
    summed-area table: (N, 1, H, W) to (N, len(top), len(left)), int."""
    table = x[:, 0].int().cumsum(1, dtype=torch.int).cumsum(
        2, dtype=torch.int)
    table = torch.nn.functional.pad(table, (1, 0, 1, 0))
    upper, lower = table[:, top], table[:, top + size]
    return (lower[:, :, left + size] - lower[:, :, left] -
            upper[:, :, left + size] + upper[:, :, left])


def texture_memory(masked_img: Tensor,
                   mask: Tensor,
                   size: int,
                   stride: int,
                   count: int,
                   generator: Optional[torch.Generator] = None,
                   shared_draw: bool = False) -> TextureMemory:
    """Choose M of the s x s windows at a dense stride.

    One rule serves both kinds of holes: the M windows with the least hole
    area, ties at random. Where enough windows are valid this is a uniform draw
    among them without replacement (rectangles, s/2); where they are not, the
    least masked ones top it up (free-form holes, s/4).

    Args:
        masked_img (Tensor): I_m, (N, C, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        size (int): s. Smaller images are padded to s first.
        stride (int): Of the windows.
        count (int): M. If there are fewer windows, they repeat.
        generator (torch.Generator, optional): Of the draw, on the CPU.
        shared_draw (bool): One draw for all images, so that an image's
            memory does not depend on the batch it came in. Defaults to False.

    Returns:
        TextureMemory: No gradient flows into it.
    """
    with torch.no_grad():
        height, width = masked_img.shape[-2:]
        pad = (0, max(size - width, 0), 0, max(size - height, 0))
        masked_img, mask = reflect(masked_img, *pad), reflect(mask, *pad)
        n, _, height, width = masked_img.shape
        device = masked_img.device
        tops = window_starts(height, size, stride, device)
        lefts = window_starts(width, size, stride, device)
        hole = window_sums(mask, size, tops, lefts).flatten(1)
        draw = torch.rand(
            1 if shared_draw else n, hole.shape[1], generator=generator)
        draw = draw.to(device, non_blocking=True)
        order = (hole + draw).argsort(dim=1)
        # windows repeat where there are fewer than M
        order = order[:, torch.arange(count, device=device) % order.shape[1]]
        top = tops[order.div(len(lefts), rounding_mode='floor')]
        left = lefts[order % len(lefts)]
        image = torch.arange(n, device=device)[:, None]
        windows = masked_img.unfold(2, size, 1).unfold(3, size, 1)
        return TextureMemory(windows[image, :, top, left], top, left,
                             hole.gather(1, order))
