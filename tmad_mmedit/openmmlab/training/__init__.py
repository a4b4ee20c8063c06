"""What is asked of T-MAD, and by whom it is judged (Eqs. 1, 6 to 10): all that
inference does not need."""
from .blending_loss import BlendingLoss
from .correspondence_loss import CorrespondenceLoss
from .efficientnet_perceptual_loss import EfficientNetPerceptualLoss
from .parts import KEYS, build_training, with_earlier_names, without_training
from .patch_distribution_loss import PatchDistributionLoss
from .pyramid_l1_loss import PyramidL1Loss

__all__ = [
    'BlendingLoss', 'CorrespondenceLoss', 'EfficientNetPerceptualLoss', 'KEYS',
    'PatchDistributionLoss', 'PyramidL1Loss',
    'build_training', 'with_earlier_names', 'without_training'
]
