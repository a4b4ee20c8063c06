import math

from mmengine.registry import METRICS
from torch import Tensor

from ..host import (
    BaseSampleWiseMetric,
)


@METRICS.register_module()
class HolePSNR(BaseSampleWiseMetric):
    """PSNR from the mean squared error over the hole's pixels, in dB.

    The paper's PSNR, about 17 dB, can only be that of the hole; MMEditing's
    is that of the whole image.

    >>> HolePSNR(prefix='coarse', pred_key='coarse_img').pred_key
    'coarse_img'

    Args:
        mask_key (str): Defaults to 'mask'.
        **kwargs: Of :class:`BaseSampleWiseMetric`.
    """

    metric = 'HolePSNR'

    def __init__(self, mask_key: str = 'mask', **kwargs) -> None:
        super().__init__(mask_key=mask_key, **kwargs)

    def process_image(self, gt: Tensor, pred: Tensor, mask: Tensor) -> float:
        """Of an image, (C, H, W) in [0, 255]; ``mask``, (1, H, W), has a
        hole. Infinite where nothing differs."""
        squares = (gt.double() - pred.double())**2
        mse = (squares * mask).sum().item() / (
            mask.sum().item() * gt.shape[0])
        return math.inf if mse == 0 else 10 * math.log10(255**2 / mse)
