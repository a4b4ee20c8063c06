"""T-MAD, patch-based image inpainting with a texture memory, for MMEditing.

Importing the package registers its components in MMEditing's registries. Only
the command ``tmad`` puts that off: torch and MMEditing take seconds, and what
reads its arguments needs neither.
"""
import sys
from pathlib import Path

from .version import __version__

__all__ = ['__version__', 'register']


def register() -> None:
    """Fill MMEditing's registries, and repair it.

    Raises:
        ImportError: If the packages in this Python do not fit together.
    """
    from .openmmlab import environment
    environment.demand()
    from .openmmlab import (  # noqa: F401
        compat,
        datasets,
        engine,
        metrics,
        models,
    )
    compat.repair()


_program = Path((getattr(sys, 'argv', None) or [''])[0]).name
if _program not in ('tmad', 'tmad.exe'):
    register()
