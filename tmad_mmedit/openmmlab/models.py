"""The registered models."""
from ..models.blend.gradient_blend import GradientBlend
from ..models.coarse.coarse_net import TMADCoarseNet
from ..models.shifts.coherent_retriever import CoherentRetriever
from ..models.shifts.correspondence_net import CorrespondenceNet
from ..models.synthesis.context_centre import ContextCentre
from ..models.synthesis.psnet import PSNet
from ..models.windows.texture_retriever import TextureMemoryRetriever
from .tmad_inpaintor import TMADInpaintor
from .training import (
    BlendingLoss,
    CorrespondenceLoss,
    EfficientNetPerceptualLoss,
    PatchDistributionLoss,
    PyramidL1Loss,
)

__all__ = [
    'BlendingLoss', 'CoherentRetriever', 'ContextCentre', 'CorrespondenceLoss',
    'CorrespondenceNet', 'EfficientNetPerceptualLoss', 'GradientBlend',
    'PSNet', 'PatchDistributionLoss', 'PyramidL1Loss', 'TMADCoarseNet',
    'TMADInpaintor', 'TextureMemoryRetriever'
]
