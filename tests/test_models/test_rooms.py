"""Who may know whom, among the rooms of ``tmad_mmedit/models``."""
import ast

import pytest

from tests.conftest import ROOT

MODELS = ROOT / 'tmad_mmedit/models'
MAY_KNOW = dict(
    layers={'layers'},
    coarse={'coarse', 'layers'},
    memory={'memory', 'layers'},
    synthesis={'synthesis', 'layers'},
    training={'training', 'layers', 'completion'})
OUTSIDE = {'mmcv', 'mmedit', 'mmengine', 'torch', 'tmad_mmedit.features'}
STANDARD = {
    'collections', 'contextlib', 'dataclasses', 'difflib', 'functools',
    'itertools', 'math', 'typing', 'urllib'}


def imported(path):
    """Rooms of the models, and packages, that a file names."""
    here = path.relative_to(MODELS).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (('package', x.name.split('.')[0]) for x in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = (node.module or '').split('.')
            if not node.level:
                yield 'package', names[0]
            elif node.level > len(here) + 1:
                yield 'package', f'tmad_mmedit.{names[0]}'
            else:
                place = (*here[:len(here) + 1 - node.level], *names)
                yield 'room', place[0]


@pytest.mark.parametrize('room', MAY_KNOW)
def test_rooms_know_the_layers_and_not_each_other(room):
    for path in (MODELS / room).rglob('*.py'):
        known = {name for kind, name in imported(path) if kind == 'room'}
        assert known <= MAY_KNOW[room], path


def test_models_know_no_file_no_array_and_no_terminal():
    for path in MODELS.rglob('*.py'):
        packages = {name for kind, name in imported(path) if kind == 'package'}
        assert packages <= OUTSIDE | STANDARD, path


def test_layers_know_torch_and_mmcv_only():
    for path in (MODELS / 'layers').rglob('*.py'):
        packages = {name for kind, name in imported(path) if kind == 'package'}
        assert packages <= {'torch', 'mmcv', 'typing', 'collections',
                            'functools'}, path
