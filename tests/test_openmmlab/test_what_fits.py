import subprocess
import sys

import pytest

from tmad_mmedit.openmmlab.host import HOST

NO_OPERATORS = "sys.modules['mmcv.ops'] = None"
NO_PKG_RESOURCES = "sys.modules['pkg_resources'] = None"
MMCV_2_2 = "import mmcv; mmcv.__version__ = '2.2.0'"
NUMPY_2 = '''
def removed(name):
    raise AttributeError(name)
import numpy; numpy.__getattr__ = removed; vars(numpy).pop('bool8', None)
'''


@pytest.mark.slow
@pytest.mark.parametrize('fault, installed, names, mends', [
    (NO_OPERATORS, (), 'without its compiled operators', 'MMCV_WITH_OPS=1'),
    (NO_PKG_RESOURCES, ['setuptools-82.0.0'],
     'setuptools 82.0.0 has no pkg_resources', '"setuptools<81"'),
    (MMCV_2_2, ['mmcv-2.2.0'],
     f'mmcv 2.2.0 does not go with {HOST} ', 'mmcv==2.0.1'),
    (NUMPY_2, ['numpy-2.1.0'], 'NumPy 2.1.0 is too new for', '"numpy<2"'),
])
def test_what_does_not_fit_is_one_sentence(
        tmp_path, fault, installed, names, mends):
    for distribution in installed:
        name, version = distribution.split('-')
        info = tmp_path / f'{distribution}.dist-info'
        info.mkdir()
        (info / 'METADATA').write_text(
            f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n')
    done = subprocess.run(
        [sys.executable, '-c',
         f'import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{fault}\n'
         'import tmad_mmedit.openmmlab'],
        text=True, stderr=subprocess.PIPE)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode and last.startswith('ImportError: ')
    assert names in last and mends in last and last.endswith('.')
