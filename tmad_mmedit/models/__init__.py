"""The methods and what they are made of; no file, no array, no terminal."""
from .blend.gradient_blend import GradientBlend
from .coarse.coarse_net import TMADCoarseNet
from .shifts.correspondence_net import CorrespondenceNet
from .synthesis.psnet import PSNet
from .windows.texture_retriever import TextureMemoryRetriever

__all__ = [
    'CorrespondenceNet', 'GradientBlend', 'PSNet', 'TMADCoarseNet',
    'TextureMemoryRetriever'
]
