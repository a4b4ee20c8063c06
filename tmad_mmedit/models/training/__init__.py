"""What is asked of T-MAD, and by whom it is judged (Eqs. 1, 6 to 10): all that
inference does not need."""
from .blending_loss import BlendingLoss
from .parts import KEYS, build_training, with_earlier_names, without_training
from .patch_distribution_loss import PatchDistributionLoss
from .texture_discriminator import TextureDiscriminator

__all__ = [
    'BlendingLoss', 'KEYS', 'PatchDistributionLoss', 'TextureDiscriminator',
    'build_training', 'with_earlier_names', 'without_training'
]
