"""The plug: T-MAD in the training stack of MMEditing, or of mmagic.

Importing it registers our components and repairs what stands in their way.
"""
from . import environment

environment.demand()

from . import (  # noqa: E402
    compat,
    datasets,
    engine,
    metrics,
    models,
    training,
)

models.use_mmcvs_kernel()
compat.repair()

__all__ = ['datasets', 'engine', 'metrics', 'models', 'training']
