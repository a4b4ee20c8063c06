"""The wheel, installed where there is no checkout, without OpenMMLab."""
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

BLOCKED = '''
import importlib.abc
import sys


class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {
                'mmcv', 'mmedit', 'mmengine', 'mmagic', 'mim'}:
            raise ModuleNotFoundError(f'{name} is blocked', name=name)


sys.meta_path.insert(0, Blocked())
'''


@pytest.fixture(scope='module')
def installed(tmp_path_factory):
    """A folder with the installed wheel, and OpenMMLab blocked in it."""
    folder = tmp_path_factory.mktemp('installed')
    # of a copy, as building leaves files behind
    source = folder / 'source'
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(
        '.*', 'build', 'work_dirs', 'out', '*.egg-info', '__pycache__',
        'tests'))
    for command in (
            [sys.executable, 'setup.py', '-q', 'bdist_wheel', '-d', folder],
            [sys.executable, '-m', 'pip', 'install', '-q', '--no-deps',
             '--no-index', '--disable-pip-version-check', '--target',
             folder / 'site', '--find-links', folder, 'tmad_mmedit']):
        subprocess.run(command, cwd=source, check=True, capture_output=True)
    (folder / 'site/sitecustomize.py').write_text(BLOCKED)
    return folder / 'site'


def run(installed, *args, cwd):
    return subprocess.run(
        [sys.executable, '-m', 'tmad_mmedit', *map(str, args)], cwd=cwd,
        env=dict(os.environ, PYTHONPATH=str(installed)),
        capture_output=True, text=True)


def test_paints_in_an_empty_folder(installed, tmp_path):
    photo = np.random.default_rng(0).integers(
        0, 256, (64, 80, 3), dtype=np.uint8)
    hole = np.zeros((64, 80), bool)
    hole[20:30, 30:45] = True
    Image.fromarray(photo).save(tmp_path / 'photo.png')
    Image.fromarray(hole).save(tmp_path / 'mask.png')
    done = run(installed, 'inpaint', 'photo.png', 'mask.png', '-o', 'out.png',
               cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    out = np.array(Image.open(tmp_path / 'out.png'))
    assert (out[~hole] == photo[~hole]).all() and (out != photo).any()


def test_the_plugs_commands_say_what_they_need(installed, tmp_path):
    done = run(installed, 'configs', cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().count('\n') == 0
    assert "pip install 'tmad_mmedit[openmmlab]'" in done.stderr


def test_carries_configs_weights_and_sample_photographs(installed):
    package = installed / 'tmad_mmedit'
    for name in ('.mim/configs/tmad_places.py', '.demo/photos/coffee.jpg',
                 '.demo/LICENCES.md', 'weights/LICENSE', 'py.typed'):
        assert (package / name).is_file(), name
    assert list((package / 'weights').glob('*.safetensors'))
