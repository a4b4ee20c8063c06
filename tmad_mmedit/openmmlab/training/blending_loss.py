from typing import Optional

import torch.nn.functional as F
from mmengine.registry import MODELS
from torch import Tensor, nn

from ..host import build


@MODELS.register_module()
class BlendingLoss(nn.Module):
    """The loss on the final image, Eq. (9): total variation around the hole
    and a patch GAN on the whole image, both MMEditing's.

    >>> import torch
    >>> img, hole = torch.rand(1, 3, 8, 8), torch.ones(1, 1, 8, 8)
    >>> BlendingLoss().tv_loss(img, hole).shape
    torch.Size([])

    Args:
        tv (dict, optional): Config of the total variation loss. Defaults to
            MMEditing's ``MaskedTVLoss`` with weight 0.02.
        gan (dict, optional): Config of the adversarial loss. Defaults to a
            vanilla ``GANLoss`` with weight 0.02.
    """

    def __init__(self,
                 tv: Optional[dict] = None,
                 gan: Optional[dict] = None) -> None:
        super().__init__()
        self.tv = build(
            tv or dict(type='MaskedTVLoss', loss_weight=0.02))
        self.gan = build(
            gan or dict(
                type='GANLoss', gan_type='vanilla', loss_weight=0.02))

    def tv_loss(self, img: Tensor, mask: Tensor) -> Tensor:
        """Mean absolute difference of neighbouring pixels, weighted.

        Args:
            img (Tensor): I_out, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.

        Returns:
            Tensor: Scalar over the hole and the pixels that touch it: the
            seam itself lies between a hole and a known pixel.
        """
        return self.tv(img, mask=F.max_pool2d(mask, 3, stride=1, padding=1))

    def disc_loss(self, fake: Tensor, real: Tensor) -> Tensor:
        """The image discriminator's loss.

        Args:
            fake (Tensor): Its logits of I_out, any shape.
            real (Tensor): Its logits of I.

        Returns:
            Tensor: Scalar.
        """
        return (self.gan(fake, False, is_disc=True) +
                self.gan(real, True, is_disc=True))

    def gen_loss(self, fake: Tensor) -> Tensor:
        """The generator's adversarial loss, weighted.

        Args:
            fake (Tensor): The image discriminator's logits of I_out.

        Returns:
            Tensor: Scalar.
        """
        return self.gan(fake, True, is_disc=False)
