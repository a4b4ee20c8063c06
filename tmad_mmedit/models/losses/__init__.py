from .blending_loss import BlendingLoss
from .patch_distribution_loss import PatchDistributionLoss

__all__ = ['BlendingLoss', 'PatchDistributionLoss']
