from .coarse.coarse_net import TMADCoarseNet
from .memory.coherent_retriever import CoherentRetriever
from .memory.correspondence_net import CorrespondenceNet
from .memory.texture_retriever import TextureMemoryRetriever
from .synthesis.context_centre import ContextCentre
from .synthesis.gradient_blend import GradientBlend
from .synthesis.psnet import PSNet
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
