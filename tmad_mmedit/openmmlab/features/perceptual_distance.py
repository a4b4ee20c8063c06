from collections.abc import Sequence
from typing import Callable, Optional

import torch
from torch import Tensor
from torch.nn import functional as F


def perceptual_distance(fake: Tensor, real: Tensor, mask: Optional[Tensor],
                        features: Callable[[Tensor], Sequence[Tensor]]
                        ) -> Tensor:
    """How differently a network sees two images where the hole is.

    With f_d(x) the features at depth d, of unit length over the channels, and
    w_d the mask averaged to the size of that map::

        D = mean_d  sum_p w_d(p) |f_d(fake)(p) - f_d(real)(p)|^2
                    / sum_p w_d(p)

    0 for the same images, at most 4; smaller is better. The squared
    difference is summed over the channels, so that it is 2 - 2 cos of the
    angle between both. Gradients go to ``fake`` alone.

    Args:
        fake (Tensor): (N, 3, H, W), in what ``features`` takes.
        real (Tensor): (N, 3, H, W).
        mask (Tensor, optional): (N, 1, H, W), 1 = counts. None: all does.
        features (Callable): Gives a map, (N, C, h, w), for each depth.

    Returns:
        Tensor: (N, ); 0 where a mask is empty.
    """
    with torch.no_grad():
        reals = features(real.detach())
    depths = []
    for x, y in zip(features(fake), reals):
        squares = (unit(x) - unit(y)).square().sum(1)
        if mask is None:
            depths.append(squares.mean((1, 2)))
            continue
        weight = F.adaptive_avg_pool2d(mask.to(x), x.shape[2:])[:, 0]
        depths.append((weight * squares).sum((1, 2)) / weight.sum(
            (1, 2)).clamp_min(torch.finfo(x.dtype).tiny))
    return torch.stack(depths).mean(0)


def unit(x: Tensor) -> Tensor:
    """(N, C, h, w), of length 1 over the channels; what is shorter than the
    bound, above half precision's least number, becomes shorter than 1."""
    return F.normalize(x, eps=1e-6)
