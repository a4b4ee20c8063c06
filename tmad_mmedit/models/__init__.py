from .coarse_net import TMADCoarseNet
from .losses import BlendingLoss, PatchDistributionLoss
from .psnet import PSNet
from .texture_discriminator import TextureDiscriminator
from .texture_retriever import TextureMemoryRetriever
from .tmad_inpaintor import TMADInpaintor

__all__ = [
    'BlendingLoss', 'PSNet', 'PatchDistributionLoss', 'TMADCoarseNet',
    'TMADInpaintor', 'TextureDiscriminator', 'TextureMemoryRetriever'
]
