"""Every tool can be started: what it imports is there."""
import importlib.util
import sys

import pytest

from tests.conftest import ROOT

TOOLS = sorted((ROOT / 'tools').glob('*.py'))


@pytest.mark.parametrize('path', TOOLS, ids=lambda path: path.stem)
def test_it_imports_what_is_there(path, monkeypatch):
    if 'openmmlab' in path.read_text() or path.stem in (
            'benchmark', 'compare_stacks'):
        pytest.importorskip('mmengine')
    if path.stem == 'ray_folder':
        pytest.importorskip('ray')
    if path.stem == 'web_pictures':
        pytest.importorskip('playwright')
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    spec = importlib.util.spec_from_file_location(f'tool_{path.stem}', path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
