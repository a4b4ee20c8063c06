"""``Inpainter`` and ``inpaint`` by the name that they had first."""
from .figures.steps import Steps
from .inpainter import Inpainter, inpaint
from .pictures.picture import Picture

__all__ = ['Inpainter', 'Picture', 'Steps', 'inpaint']
