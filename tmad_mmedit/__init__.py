"""T-MAD, patch-based image inpainting with a texture memory, for MMEditing.

Importing the package registers its components in MMEditing's registries.
"""
from . import environment

environment.demand()

from . import compat, datasets, engine, metrics, models  # noqa: E402, F401
from .version import __version__  # noqa: E402

__all__ = ['__version__']

compat.repair()
