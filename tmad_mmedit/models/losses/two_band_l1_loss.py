import torch.nn.functional as F
from mmedit.registry import MODELS
from torch import Tensor, nn

from ..bands import bands, check_blur


@MODELS.register_module()
class TwoBandL1Loss(nn.Module):
    """L1, of the shading and of the texture apart. Not in the paper.

    The plain L1 loss asks for the median of all textures that may be there,
    which is none. Where a discriminator judges the texture, this one can ask
    for the true shading and leave the texture free.

    Args:
        blur (int): Side of the box that parts them, odd. Defaults to 5.
        shading_weight (float): Defaults to 1.
        texture_weight (float): Defaults to 0.

    Raises:
        ValueError: If blur is even.
    """

    def __init__(self,
                 blur: int = 5,
                 shading_weight: float = 1.,
                 texture_weight: float = 0.) -> None:
        super().__init__()
        check_blur(blur)
        self.blur = blur
        self.shading_weight = shading_weight
        self.texture_weight = texture_weight

    def forward(self, pred: Tensor, target: Tensor) -> Tensor:
        """Two batches of images, (N, C, H, W), to a scalar."""
        shading, texture = (
            F.l1_loss(ours, true) for ours, true in zip(
                bands(pred, self.blur), bands(target, self.blur)))
        return self.shading_weight * shading + self.texture_weight * texture
