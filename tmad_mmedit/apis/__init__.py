from .inpainter import Inpainter, Steps, inpaint
from .picture import Picture

__all__ = ['Inpainter', 'Picture', 'Steps', 'inpaint']
