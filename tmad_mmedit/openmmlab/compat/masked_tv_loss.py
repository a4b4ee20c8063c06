from typing import Optional

from mmedit.models.losses import MaskedTVLoss
from torch import Tensor


def masked_tv_loss_without_mask() -> None:
    """mmedit 1.0.0rc7: ``MaskedTVLoss`` declares its mask optional, and
    without one stops with a TypeError. Without a mask, all pixels count."""
    upstream = MaskedTVLoss.forward

    def forward(self, pred: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        if mask is None:
            mask = pred.new_ones(len(pred), 1, *pred.shape[2:])
        return upstream(self, pred, mask)

    MaskedTVLoss.forward = forward
