"""What a config can name has an example in its docstring, and it runs."""
import doctest
import importlib

import pytest

from tmad_mmedit.openmmlab import datasets, metrics, training
from tmad_mmedit.openmmlab.models import CoherentInpaintor, TMADInpaintor

NEEDS_WEIGHTS_OR_DATA = {
    'InpaintingFID', 'InpaintingSWD', 'LPIPS', 'PhotoDataset'}
NAMED = [CoherentInpaintor, TMADInpaintor] + [
    getattr(module, name) for module in (datasets, metrics, training)
    for name in module.__all__ if name not in NEEDS_WEIGHTS_OR_DATA]


@pytest.mark.parametrize('thing', NAMED, ids=lambda thing: thing.__name__)
def test_has_an_example_that_runs(thing):
    assert '>>>' in thing.__doc__
    module = importlib.import_module(thing.__module__)
    assert doctest.testmod(module).failed == 0
