"""T-MAD, patch-based image inpainting with a texture memory, for MMEditing.

Importing the package registers its components in MMEditing's registries.
"""
try:
    import mmcv.ops  # noqa: F401
    import mmedit.models  # noqa: F401
except (ImportError, AssertionError) as error:
    raise ImportError(
        f'tmad_mmedit needs MMEditing 1.x and mmcv 2.0.x with its compiled '
        f'operators, and importing them failed ({error}): in a checkout run '
        '`make env`, or see what is missing with `python '
        'tools/check_environment.py`.') from error

from . import compat, datasets, engine, evaluation, models  # noqa: F401
from .version import __version__

__all__ = ['__version__']

compat.repair()
