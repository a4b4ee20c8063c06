"""The host: MMEditing, or mmagic, its later name; found once. All that differs
between the two stands here."""
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from torch import nn

NAMES = 'mmedit', 'mmagic'
ASK = 'TMAD_HOST'  # of the environment


def resolve() -> str:
    """Return the host's name: the one that is imported already, else the one
    that is installed.

    Raises:
        ImportError: If there is none, or both and it is not said which.
    """
    asked = os.environ.get(ASK)
    if asked:
        if asked not in NAMES:
            raise ImportError(f'{ASK}={asked}: expected {" or ".join(NAMES)}.')
        return asked
    for found in ([name for name in NAMES if name in sys.modules],
                  [name for name in NAMES if find_spec(name)]):
        if len(found) == 1:
            return found[0]
    if not found:
        raise ImportError('neither mmedit nor mmagic is installed: run `make '
                          'env` in a checkout, or see docs/install.md.')
    raise ImportError('mmedit and mmagic are both there: set the environment '
                      f'variable {ASK} to the one that is to be used, or '
                      'uninstall the other.')


HOST = resolve()


def of_host(module: str, *names: str) -> Any:
    """Return the first of these names that a module of the host has."""
    there = import_module(f'{HOST}.{module}')
    return next(getattr(there, name) for name in names if hasattr(there, name))


MODELS = of_host('registry', 'MODELS')
METRICS = of_host('registry', 'METRICS')
TRANSFORMS = of_host('registry', 'TRANSFORMS')
DataSample = of_host('structures', 'EditDataSample', 'DataSample')
DataPreprocessor = of_host(
    'models.data_preprocessors', 'EditDataPreprocessor', 'DataPreprocessor')
PackInputs = of_host('datasets.transforms', 'PackEditInputs', 'PackInputs')
ValLoop = of_host('engine.runner', 'EditValLoop', 'MultiValLoop')
TestLoop = of_host('engine.runner', 'EditTestLoop', 'MultiTestLoop')
OneStageInpaintor = of_host('models.base_models', 'OneStageInpaintor')
set_requires_grad = of_host('models.utils', 'set_requires_grad')
tensor2img = of_host('utils', 'tensor2img')
register_all_modules = of_host('utils', 'register_all_modules')
BasicImageDataset = of_host('datasets', 'BasicImageDataset')
BaseSampleWiseMetric = of_host(
    'evaluation.metrics.base_sample_wise_metric', 'BaseSampleWiseMetric')
GenMetric = of_host('evaluation.metrics.base_gen_metric', 'GenMetric')
FrechetInceptionDistance = of_host('evaluation', 'FrechetInceptionDistance')
SlicedWassersteinDistance = of_host('evaluation', 'SlicedWassersteinDistance')


def build(config: dict) -> nn.Module:
    """Build a model or a part of one: ours, or the host's."""
    return MODELS.build(config)
