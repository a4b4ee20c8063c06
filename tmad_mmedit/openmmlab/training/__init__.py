"""What is asked of a method, and by whom it is judged (Eqs. 1, 6 to 10): all
that inference does not need."""
from .blending_loss import BlendingLoss
from .correspondence_loss import CorrespondenceLoss
from .efficientnet_perceptual_loss import EfficientNetPerceptualLoss
from .patch_distribution_loss import PatchDistributionLoss
from .pyramid_l1_loss import PyramidL1Loss
from .retrieval_loss import RetrievalLoss

__all__ = [
    'BlendingLoss', 'CorrespondenceLoss', 'EfficientNetPerceptualLoss',
    'PatchDistributionLoss', 'PyramidL1Loss', 'RetrievalLoss'
]
