"""T-MAD, patch-based image inpainting with a texture memory, for MMEditing.

Importing the package registers its components in MMEditing's registries.
"""
from . import compat, datasets, engine, models  # noqa: F401
from .version import __version__

__all__ = ['__version__']

compat.repair()
