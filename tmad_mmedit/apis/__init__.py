from .inpainter import Inpainter, inpaint

__all__ = ['Inpainter', 'inpaint']
