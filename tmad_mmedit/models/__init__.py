from .coarse.coarse_net import TMADCoarseNet
from .memory.texture_retriever import TextureMemoryRetriever
from .synthesis.psnet import PSNet
from .tmad_inpaintor import TMADInpaintor
from .training import (BlendingLoss, PatchDistributionLoss,
                       TextureDiscriminator)

__all__ = [
    'BlendingLoss', 'PSNet', 'PatchDistributionLoss', 'TMADCoarseNet',
    'TMADInpaintor', 'TextureDiscriminator', 'TextureMemoryRetriever'
]
