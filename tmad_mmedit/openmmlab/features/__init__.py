from .efficientnet_lite import EfficientNetLite
from .perceptual_distance import perceptual_distance

__all__ = ['EfficientNetLite', 'perceptual_distance']
