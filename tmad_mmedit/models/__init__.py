"""The methods and what they are made of; no file, no array, no terminal."""
from .blend.gradient_blend import BlendSettings
from .coarse.coarse_net import TMADCoarseNet
from .coarse.stage import CoarseStage
from .coherent import Coherent, CoherentTrace
from .crops import CropSettings
from .paper import TMAD, TMADTrace
from .refine.thin import RefineThin
from .shifts.correspondence_net import CorrespondenceNet
from .shifts.settings import ShiftSettings
from .specks.settings import SpeckSettings
from .synthesis.psnet import PSNet
from .windows.texture_retriever import TextureMemoryRetriever

__all__ = [
    'BlendSettings', 'CoarseStage', 'Coherent', 'CoherentTrace',
    'CorrespondenceNet', 'CropSettings', 'PSNet', 'RefineThin',
    'ShiftSettings', 'SpeckSettings', 'TMAD', 'TMADCoarseNet', 'TMADTrace',
    'TextureMemoryRetriever'
]
