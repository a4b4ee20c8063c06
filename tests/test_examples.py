"""Public names have an example in their docstrings, and the examples run."""
import doctest
import importlib
import pkgutil

import pytest

import tmad_mmedit
from tmad_mmedit import models

OUR_OWN = ('tmad_mmedit.openmmlab', 'tmad_mmedit.web', 'tmad_mmedit.__main__')
MODULES = [
    module.name for module in pkgutil.walk_packages(
        tmad_mmedit.__path__, 'tmad_mmedit.')
    if not module.name.startswith(OUR_OWN)
]


@pytest.mark.parametrize('name', MODULES)
def test_examples_run(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    'thing',
    [getattr(tmad_mmedit, name) for name in tmad_mmedit.__all__
     if name != '__version__'] +
    [getattr(models, name) for name in models.__all__
     if not name.endswith('Trace')],
    ids=lambda thing: thing.__name__)
def test_public_names_have_an_example(thing):
    assert '>>>' in thing.__doc__
