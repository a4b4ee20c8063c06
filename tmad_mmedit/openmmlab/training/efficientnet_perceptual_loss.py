from typing import Optional

from mmengine.registry import MODELS
from torch import Tensor, nn

from ..features import EfficientNetLite, perceptual_distance


@MODELS.register_module()
class EfficientNetPerceptualLoss(nn.Module):
    """:func:`perceptual_distance` by EfficientNet-Lite, to be minimised.

    It answers the calls of MMEditing's ``PerceptualLoss``, whose VGG-19 has
    to be downloaded; this network's weights come with `pip`. They are no part
    of this module's parameters, so that no optimizer and no checkpoint gets
    them; they follow it to a device all the same.

    >>> import torch
    >>> img = torch.rand(1, 3, 64, 64)
    >>> float(EfficientNetPerceptualLoss()(img, img)[0]) < 1e-6
    True

    Args:
        perceptual_weight (float): Of the loss. Defaults to 1.
        version (int): See :class:`EfficientNetLite`. Defaults to 0; the
            metric ``PerceptualDistance`` judges by 2.

    Raises:
        ImportError: If the network is not installed.
    """

    def __init__(self, perceptual_weight: float = 1.,
                 version: int = 0) -> None:
        super().__init__()
        self.perceptual_weight = perceptual_weight
        self._features = (EfficientNetLite(version), )  # a tuple: no child

    def _apply(self, fn, *args, **kwargs):
        self._features[0]._apply(fn, *args, **kwargs)
        return super()._apply(fn, *args, **kwargs)

    def forward(self, x: Tensor, gt: Tensor,
                mask: Optional[Tensor] = None) -> tuple[Tensor, None]:
        """The mean over the images, and no style loss.

        Args:
            x (Tensor): (N, 3, H, W), RGB in [-1, 1].
            gt (Tensor): The true images, (N, 3, H, W).
            mask (Tensor, optional): (N, 1, H, W), 1 = counts. None: all does.
        """
        distance = perceptual_distance((x + 1) / 2, (gt + 1) / 2, mask,
                                       self._features[0])
        return self.perceptual_weight * distance.mean(), None
