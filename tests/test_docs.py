"""What the pages say is there: files, options, configs."""
import re
import shutil

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.cli.main import build_parser
from tmad_mmedit.openmmlab.host import register_all_modules

PAGES = [ROOT / 'README.md', ROOT / 'CONTRIBUTING.md', ROOT / 'CHANGELOG.md',
         ROOT / 'tmad_mmedit/weights/README.md',
         *sorted((ROOT / 'docs').glob('*.md'))]
EVERY_PAGE = pytest.mark.parametrize('page', PAGES, ids=lambda x: x.stem)


def code(page, language):
    """The blocks of a page in a language."""
    return re.findall(rf'```{language}\n(.*?)```', page.read_text(), re.S)


def test_the_readme_is_read_in_minutes():
    assert len(PAGES[0].read_text().splitlines()) <= 120


@EVERY_PAGE
def test_links_to_files_lead_somewhere(page):
    links = re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', page.read_text())
    for link in links:
        assert (page.parent / link).exists(), link


@EVERY_PAGE
def test_the_options_of_the_command_exist(page):
    text = page.read_text().replace('\\\n', ' ')
    for command, rest in re.findall(r'(?:^|`) *tmad ([a-z]+)(.*)', text,
                                    re.M):
        commands = build_parser(command)._subparsers._group_actions[0].choices
        known = commands[command].format_help()
        for option in re.findall(r'(?<= )--[a-z-]+', rest.split('#')[0]):
            assert option in known, f'tmad {command} {option}'


def named_places():
    """Files, and symbols in them, that the table of the paper names."""
    text = (ROOT / 'docs/paper_to_code.md').read_text()
    for place in re.findall(r'`([\w./]+(?:\.py|/)(?:: [\w.]+)?)`', text):
        file, _, symbol = place.partition(': ')
        yield file, symbol


def test_the_tests_that_the_page_names_are_there():
    text = (ROOT / 'docs/paper_to_code.md').read_text()
    tests = ''.join(path.read_text() for path in ROOT.glob('tests/**/*.py'))
    for name in re.findall(r'`(test_\w+)`', text):
        assert f'def {name}(' in tests, name


def test_the_tables_of_settings_are_those_of_the_code(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import settings_tables
    page = settings_tables.PAGE.read_text()
    assert page.count('<!-- settings: ') == 4
    assert settings_tables.with_tables(page) == page, (
        'run `python tools/settings_tables.py`')


@pytest.mark.parametrize('file, symbol', sorted(set(named_places())))
def test_what_the_paper_became_is_where_the_page_says(file, symbol):
    roots = ('', 'tmad_mmedit', 'tmad_mmedit/models', 'tests',
             'tests/test_models')
    found = [ROOT / root / file for root in roots
             if (ROOT / root / file).exists()]
    assert found, file
    for name in symbol.split('.') if symbol else ():
        assert re.search(rf'\b{name}\b', found[0].read_text()), name


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
    (folder / 'configs/tmad_mine.py').write_text(block)
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
