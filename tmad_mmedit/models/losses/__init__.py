from .blending_loss import BlendingLoss
from .patch_distribution_loss import PatchDistributionLoss
from .two_band_l1_loss import TwoBandL1Loss

__all__ = ['BlendingLoss', 'PatchDistributionLoss', 'TwoBandL1Loss']
