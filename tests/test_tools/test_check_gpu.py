import os
import subprocess
import sys

from tests.conftest import ROOT


def test_no_gpu_is_one_sentence():
    done = subprocess.run(
        [sys.executable, 'tools/check_gpu.py'], cwd=ROOT, text=True,
        capture_output=True,
        env=dict(os.environ, CUDA_VISIBLE_DEVICES='', PYTHONPATH=str(ROOT)))
    assert done.returncode == 1 and not done.stdout
    last = done.stderr.splitlines()[-1]
    assert 'sees no GPU' in last and '--cpu' in last
