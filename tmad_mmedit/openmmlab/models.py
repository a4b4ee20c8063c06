"""The registered models: what a config can name, in mmengine's root registry,
which MMEditing's and mmagic's look through."""
from mmengine.registry import MODELS

from ..models.coarse.coarse_net import TMADCoarseNet
from ..models.ops import carafe
from ..models.shifts.correspondence_net import CorrespondenceNet
from ..models.synthesis.psnet import PSNet
from ..models.windows.texture_retriever import TextureMemoryRetriever
from .coherent_inpaintor import CoherentInpaintor
from .host import DataPreprocessor
from .tmad_inpaintor import TMADInpaintor

for part in (CorrespondenceNet, PSNet, TMADCoarseNet, TextureMemoryRetriever):
    MODELS.register_module(module=part)
# our configs name no host
MODELS.register_module(name='TMADDataPreprocessor', module=DataPreprocessor)


def use_mmcvs_kernel() -> None:
    """Let CARAFE run mmcv's kernel on CUDA where mmcv was built for that."""
    from mmcv import ops
    if ops.get_compiling_cuda_version() != 'not available':
        carafe.cuda_kernel = ops.carafe


__all__ = [
    'CoherentInpaintor', 'TMADInpaintor', 'use_mmcvs_kernel'
]
