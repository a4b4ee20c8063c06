from typing import Optional

import torch
from mmengine.registry import METRICS
from torch import Tensor

from ..host import (
    BaseSampleWiseMetric,
)


@METRICS.register_module()
class TotalVariation(BaseSampleWiseMetric):
    """Total variation, in percent, or as a ratio to the true image's.

    The paper (Sec. IV-A, Tables III and V) prints a "TV loss" without a
    formula. Chosen: the mean absolute difference of horizontal neighbours
    plus that of vertical ones, in percent of the range, over the whole image.
    Of the paper's lower-is-better it should be known that blur lowers it;
    the ratio is best near 1.

    >>> TotalVariation(relative=True).metric
    'TVRatio'

    Args:
        mask_key (str, optional): With 'mask', only differences that have an
            end in the hole count. Defaults to None, all.
        relative (bool): Give the ratio of the mean of the predictions to the
            mean of the true images instead; its name is then ``TVRatio``.
            Defaults to False.
        **kwargs: Of :class:`BaseSampleWiseMetric`.
    """

    metric = 'TV'

    def __init__(self,
                 mask_key: Optional[str] = None,
                 relative: bool = False,
                 **kwargs) -> None:
        super().__init__(mask_key=mask_key, **kwargs)
        self.relative = relative
        if relative:
            self.metric = 'TVRatio'

    def process_image(self, gt: Tensor, pred: Tensor, mask: Tensor) -> dict:
        """Both variations of an image, (C, H, W) in [0, 255]; ``mask`` is
        (1 or C, H, W)."""
        hole = mask[:1] > 0
        return dict(pred=total_variation(pred, hole),
                    gt=total_variation(gt, hole))

    def compute_metrics(self, results: list[dict]) -> dict:
        """The mean over all images, or the ratio of both means."""
        pred, gt = (sum(x[self.metric][which] for x in results)
                    for which in ('pred', 'gt'))
        result = pred / gt if self.relative else pred / len(results)
        return {self.metric: result * self.scaling}


def total_variation(x: Tensor, where: Tensor) -> float:
    """Of an image, in percent of the range.

    Args:
        x (Tensor): (C, H, W) in [0, 255].
        where (Tensor): (1, H, W) bool; differences with an end there count.
    """
    total = 0.
    for axis in (1, 2):
        length = x.shape[axis] - 1
        counts = (where.narrow(axis, 0, length) |
                  where.narrow(axis, 1, length)).expand(
                      x.shape[0], *[-1] * 2)
        difference = torch.diff(x.double(), dim=axis).abs()
        if counts.any():
            total += difference[counts].mean().item()
    return 100 * total / 255
