from mmengine.registry import TRANSFORMS

from ..host import PackInputs
from .photo_dataset import PhotoDataset
from .seeded import Seeded

# our configs name no host
TRANSFORMS.register_module(name='TMADPackInputs', module=PackInputs)

__all__ = ['PhotoDataset', 'Seeded']
