from .photo_dataset import PhotoDataset
from .seeded import Seeded

__all__ = ['PhotoDataset', 'Seeded']
