"""T-MAD: holes of photographs filled with real texture from the rest of them.

The plug into MMEditing and mmagic is ``tmad_mmedit.openmmlab``; importing this
imports neither torch nor OpenMMLab until a name is asked for.
"""
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .inpainter import Inpainter, inpaint
    from .pictures.picture import Picture

__all__ = ['Inpainter', 'Picture', '__version__', 'inpaint']


def __getattr__(name: str) -> Any:
    if name in ('Inpainter', 'inpaint'):
        from . import inpainter
        return getattr(inpainter, name)
    if name == 'Picture':
        from .pictures.picture import Picture
        return Picture
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
