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
from tmad_mmedit import Inpainter
from tmad_mmedit.load import build_model
from tmad_mmedit.models import TMAD, Coherent

torch.set_num_threads(1)
slim = dict(widths=(8, 8, 8, 8), dilations=(1, ))
paper = build_model(dict(
    method='paper', coarse=slim,
    retriever=dict(patch_size=16, stride=8, memory_size=12, embed_channels=4),
    psnet=dict(widths=(8, 8, 8), up_widths=(8, 8, 8), num_res_blocks=1)))
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
try:
    Inpainter('configs/tmad_places.py')
except ImportError as error:
    print(error)
'''


def test_they_paint_and_a_config_says_what_it_needs():
    done = subprocess.run([sys.executable, '-c', PAINT], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    painted, said = done.stdout.splitlines()
    assert painted == 'painted'
    assert "a config needs `pip install 'tmad_mmedit[openmmlab]'`" in said
    assert 'is missing here' in said
