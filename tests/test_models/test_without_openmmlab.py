"""Both methods paint where there is no OpenMMLab at all."""
import subprocess
import sys

from tests.conftest import ROOT

PAINT = '''
import sys
import numpy as np
import torch


class Refuse:
    """Finds none of OpenMMLab's packages."""

    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('mmagic', 'mmcv', 'mmedit', 'mmengine'):
            raise ModuleNotFoundError(f'{name} was asked for', name=name)


sys.meta_path.insert(0, Refuse())
from tests.slim import SLIM_PAPER
from tmad_mmedit import Inpainter
from tmad_mmedit.load import build_model
from tmad_mmedit.models import TMAD, Coherent

torch.set_num_threads(1)
paper = build_model(SLIM_PAPER)
wall = np.tile(np.uint8([[90, 200], [200, 90]]), (24, 24))
hole = np.zeros(wall.shape, bool)
hole[16:26, 20:30] = True
broken = np.where(hole, 0, wall)
for inpainter, method in ((Inpainter(), Coherent),
                          (Inpainter(model=paper), TMAD)):
    assert type(inpainter.model) is method
    done = inpainter(broken, hole)
    assert done.shape == wall.shape and done.dtype == np.uint8
    assert np.array_equal(done[~hole], wall[~hole])
    assert done[hole].any()
    # what ships continues a pattern
    assert method is TMAD or np.abs(done.astype(int) - wall).max() <= 2
there = {name.split('.')[0] for name in sys.modules}
assert not there & {'mmagic', 'mmcv', 'mmedit', 'mmengine'}, there
print('painted')
'''


def test_they_paint():
    done = subprocess.run([sys.executable, '-c', PAINT], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == 'painted\n'
