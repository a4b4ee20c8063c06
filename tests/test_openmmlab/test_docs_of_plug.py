"""What the pages say of configs and of the plug's commands."""
import shutil

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS
from PIL import Image

from tests.conftest import ROOT
from tests.test_docs import EVERY_PAGE, PAGES, code, help_of, options_on
from tmad_mmedit.cli.main import OF_PLUG
from tmad_mmedit.openmmlab.host import HOST, register_all_modules


@EVERY_PAGE
def test_the_options_of_the_command_exist(page):
    for command, option in options_on(page):
        if command in OF_PLUG:
            assert option in help_of(command), f'tmad {command} {option}'


CONFIGS = [block for page in PAGES for block in code(page, 'python')
           if block.startswith('_base_')]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Configs, an inpainter, photographs and masks where the pages have
    them; and the hole of the masks."""
    shutil.copytree(ROOT / 'configs', tmp_path / 'configs')
    (tmp_path / 'mine.py').write_text('model = dict(type="Mine")')
    for folder in ('mine/photos', 'mine/masks', 'masks'):
        (tmp_path / 'data' / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    hole = np.zeros((256, 256), np.uint8)
    hole[40:90, 30:150] = 255
    Image.new('RGB', (400, 400)).save('data/mine/photos/a.png')
    for file in ('data/mine/masks/a.png', 'data/masks/one.png'):
        Image.fromarray(hole).save(file)
    (tmp_path / 'data/masks.txt').write_text('one.png\n')
    return tmp_path, hole


def read(block, folder):
    (folder / 'configs/tmad_mine.py').write_text(
        block.replace("'mmedit::", f"'{HOST}::"))
    return Config.fromfile(folder / 'configs/tmad_mine.py')


@pytest.mark.parametrize('block', CONFIGS, ids=range(len(CONFIGS)))
def test_the_configs_can_be_read(block, place):
    model = read(block, place[0]).model
    assert model.type == (
        'CoherentInpaintor' if 'coherent' in block else 'TMADInpaintor')
    assert model.coarse.type == (
        'Mine' if 'mine.py' in block else
        'GLInpaintor' if 'global_local' in block else 'OneStageInpaintor')


@pytest.mark.parametrize('mode', ['set', 'file'])
def test_masks_of_ones_own_are_those_of_the_files(place, mode):
    folder, hole = place
    block, = (x for x in CONFIGS if f"mask_mode='{mode}'" in x)
    dataset = read(block, folder).train_dataloader.dataset
    if mode == 'set':  # the page leaves the photographs to another
        dataset.update(data_root='data/mine', ann_file='',
                       data_prefix=dict(gt='photos'))
    register_all_modules()
    data, = DATASETS.build(dataset)
    assert np.array_equal(data['data_samples'].mask[0].numpy() > 0, hole > 0)
