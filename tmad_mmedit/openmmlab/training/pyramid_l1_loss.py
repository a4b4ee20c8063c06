from collections.abc import Sequence

import torch.nn.functional as F
from mmengine.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class PyramidL1Loss(nn.Module):
    """L1 of means over larger and larger squares: what of a guess leads a
    retrieval are its low frequencies. Not in the paper.

    >>> import torch
    >>> one, hole = torch.ones(1, 3, 8, 8), torch.ones(1, 1, 8, 8)
    >>> PyramidL1Loss(sizes=(2, ))(one, 0 * one, hole).item()
    3.0

    Args:
        sizes (Sequence[int]): Sides of the squares, in pixels.
        loss_weight (float): Of each size. Defaults to 3.
    """

    def __init__(self, sizes: Sequence[int] = (2, 4, 8),
                 loss_weight: float = 3.) -> None:
        super().__init__()
        self.sizes = sizes
        self.loss_weight = loss_weight

    def forward(self, pred: Tensor, target: Tensor, mask: Tensor) -> Tensor:
        """A scalar: per size, the mean absolute error of the squares' means,
        over as much of the hole as they cover.

        Args:
            pred, target (Tensor): (N, C, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole; known pixels do not count.
        """
        error = (pred - target) * mask
        channels = pred.shape[1]
        total = sum(
            F.avg_pool2d(error, size).abs().sum() * size**2
            for size in self.sizes)
        area = (mask.sum() * channels).clamp(min=1)
        return self.loss_weight * total / area
