"""The verdict on made-up sets of packages, and tools/check_environment.py in
this Python and in one without packages."""
import runpy
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SCRIPT = ROOT / 'tools' / 'check_environment.py'
# by its path, as the script: importing the plug imports what may be missing
environment = runpy.run_path(
    str(ROOT / 'tmad_mmedit/openmmlab/environment.py'))
verdict = environment['verdict']

GOOD = {
    'python': '3.11.7',
    'torch': '2.0.1+cu117',
    'torchvision': '0.15.2',
    'numpy': '1.26.4',
    'setuptools': '60.2.0',
    'pkg_resources': 'yes',
    'mmcv': '2.0.1',
    'mmcv ops': 'yes',
    'mmengine': '0.10.7',
    'mmedit': '1.0.0rc7',
    'tmad_mmedit': '0.1.0',
    'cuda': 'no',
    'CARAFE CUDA kernel': 'no (ours stands in)',
    'mmedit import': 'yes',
    'tmad_mmedit import': 'yes'
}
MODERN = {
    **GOOD, 'python': '3.12.3',
    'torch': '2.11.0',
    'torchvision': '0.26.0',
    'setuptools': '80.10.2'
}
MMAGIC = {
    name.replace('mmedit', 'mmagic') if name.startswith('mmedit') else name:
    '1.2.0' if name == 'mmedit' else version
    for name, version in GOOD.items()
}


@pytest.mark.parametrize('versions', [
    GOOD, MODERN, MMAGIC, {
        **MMAGIC, 'mmcv': '2.1.0'
    }, {
        **GOOD, 'mmcv': '2.0.0rc4'
    }, {
        **GOOD, 'cuda': 'yes',
        'CARAFE CUDA kernel': 'yes (CUDA 11.7)'
    }
])
def test_a_set_that_fits_passes(versions):
    assert verdict(versions) is None


@pytest.mark.parametrize('change, names, mends', [
    ({
        'torch': None
    }, 'torch', 'make env'),
    ({
        'mmengine': None
    }, 'mmengine', 'make env'),
    ({
        'numpy': '2.1.0'
    }, 'NumPy 2.1.0 is too new for torch 2.0.1', '"numpy<2"'),
    ({
        **MODERN, 'numpy': '2.5.0'
    }, 'NumPy 2.5.0 is too new for mmedit 1.0.0rc7', '"numpy<2"'),
    ({
        **MODERN, 'mmcv ops': None
    }, 'without its compiled operators', 'CXX="$PWD/tools/mmcv_cxx"'),
    ({
        **MODERN, 'mmedit import': "ModuleNotFoundError: No module 'pandas'"
    }, "No module 'pandas'", '-r requirements/modern.txt'),
    ({
        'setuptools': '82.0.0',
        'pkg_resources': None
    }, 'setuptools 82.0.0', '"setuptools<81"'),
    ({
        'mmcv': None,
        'mmcv ops': None
    }, 'mmcv is not installed', 'MMCV_WITH_OPS=1'),
    ({
        'mmcv': None,
        'mmcv-lite': '2.0.1',
        'mmcv ops': None
    }, 'mmcv-lite 2.0.1', 'pip uninstall -y mmcv-lite'),
    ({
        'mmcv ops': None
    }, 'without its compiled operators', 'MMCV_WITH_OPS=1'),
    ({
        'mmcv': '2.1.0'
    }, 'mmcv 2.1.0', 'mmcv==2.0.1'),
    ({
        'mmcv': '2.2.0',
        'mmcv ops': None
    }, 'mmcv 2.2.0 does not go with mmedit 1.0.0rc7', 'mmcv==2.0.1'),
    ({
        'mmedit': None,
        'mmagic': '1.2.0',
        'mmagic import': "ModuleNotFoundError: No module named 'timm'"
    }, "mmagic does not import (ModuleNotFoundError: No module named 'timm')",
     '-r requirements/mmagic.txt'),
    ({
        'mmedit': None,
        'mmagic': '1.2.0',
        'mmcv': '2.2.0'
    }, 'mmcv 2.2.0 does not go with mmagic 1.2.0', 'mmcv==2.0.1'),
    ({
        'mmcv': '1.7.2'
    }, 'mmcv 1.7.2', 'mmcv==2.0.1'),
    ({
        'mmedit': None
    }, 'mmedit is not installed', 'mmedit==1.0.0rc7'),
    ({
        'mmedit import': "ModuleNotFoundError: No module named 'pandas'"
    }, "No module named 'pandas'", '-r requirements/reference.txt'),
    ({
        'tmad_mmedit': None
    }, 'tmad_mmedit', 'pip install --no-deps -e .'),
    ({
        'tmad_mmedit import': 'SyntaxError: invalid syntax'
    }, 'invalid syntax', '-c "import tmad_mmedit.openmmlab"'),
])
def test_a_fault_is_named_in_one_sentence_with_what_mends_it(
        change, names, mends):
    sentence = verdict({**GOOD, **change})
    assert names in sentence and mends in sentence
    assert '\n' not in sentence and sentence.endswith('.')


def test_the_first_fault_is_the_one_to_mend_first():
    assert 'torch' in verdict({component: None for component in GOOD})


def test_a_plug_that_does_not_import_is_seen(monkeypatch):
    asked, imported = [], environment['imported']
    monkeypatch.setitem(imported.__globals__, '_import_error',
                        lambda module: asked.append(module) or 'Error: x')
    found = imported()
    assert found['tmad_mmedit import'] == 'Error: x'
    assert 'tmad_mmedit.openmmlab' in asked


def test_quick_is_silent_when_all_is_well():
    done = run(sys.executable, str(SCRIPT), '--quick')
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


@pytest.mark.parametrize('option', [[], ['--quick']])
def test_no_traceback_where_nothing_is_installed(option):
    done = run(sys.executable, '-S', '-I', str(SCRIPT),
               *option)  # -S: without site-packages
    assert done.returncode == 1
    assert done.stderr.startswith('torch is not installed') and len(
        done.stderr.splitlines()) == 1


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)
