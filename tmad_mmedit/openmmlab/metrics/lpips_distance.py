from pathlib import Path
from typing import Optional

import torch
import torchvision
from mmengine.registry import METRICS
from torch import Tensor

from ..host import (
    BaseSampleWiseMetric,
)

BACKBONES = dict(alex='AlexNet_Weights', squeeze='SqueezeNet1_1_Weights',
                 vgg='VGG16_Weights')


@METRICS.register_module()
class LPIPS(BaseSampleWiseMetric):
    """LPIPS 0.1 by its authors' package, with torchvision's backbone from
    ``$TORCH_HOME/hub/checkpoints``; nothing is downloaded.

    Args:
        net (str): ``alex``, ``squeeze`` or ``vgg``. Defaults to 'alex'.
        mask_key (str, optional): With 'mask', the mean of the map of
            distances over the hole. Defaults to None, the usual distance.
        **kwargs: Of :class:`BaseSampleWiseMetric`.

    Raises:
        FileNotFoundError: If the backbone is not there.
    """

    metric = 'LPIPS'

    def __init__(self,
                 net: str = 'alex',
                 mask_key: Optional[str] = None,
                 **kwargs) -> None:
        super().__init__(mask_key=mask_key, **kwargs)
        weights = getattr(torchvision.models, BACKBONES[net]).IMAGENET1K_V1
        path = Path(torch.hub.get_dir(), 'checkpoints',
                    Path(weights.url).name)
        if not path.is_file():
            raise FileNotFoundError(
                f'LPIPS needs the weights {path}: put {weights.url} there.')
        from lpips import LPIPS as Network
        self.network = Network(
            net=net, spatial=mask_key is not None, verbose=False)

    @torch.no_grad()
    def process_image(self, gt: Tensor, pred: Tensor, mask: Tensor) -> float:
        """Of an image, (3, H, W), BGR in [0, 255]; ``mask`` is (1, H, W)."""
        gt, pred = (x.flip(0)[None].float() / 127.5 - 1 for x in (gt, pred))
        distance = self.network(pred, gt)[0]
        if self.mask_key is not None:
            distance = distance[mask[:1].to(distance) > 0]
        return distance.mean().item()
