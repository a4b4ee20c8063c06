import json

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.cli import main
from tmad_mmedit.masks.reading import read_mask
from tmad_mmedit.openmmlab.evaluation.mask_sets import (
    check_manifest,
    write_mask_set,
)


def holes(folder):
    manifest = check_manifest(folder)
    return {name: read_mask(folder / name) for name in manifest['masks']}


def test_masks_are_the_same_again_and_on_another_machine(tmp_path):
    for name in 'ab':
        assert main(['masks', 'rectangles', '-o', f'{tmp_path}/{name}',
                     '--count', '2', '--size', '64', '--seed', '3']) == 0
    a, b = (check_manifest(tmp_path / name) for name in 'ab')
    assert a == b and len(list((tmp_path / 'a').iterdir())) == 3
    pixels = a['masks']['rectangle_00001.png']['pixels']
    assert pixels.startswith('0fa0f144a909')


def test_a_mask_is_its_pixels_however_it_is_packed(tmp_path):
    list(write_mask_set(tmp_path / 'set', 'rectangles', 1, size=64))
    path = tmp_path / 'set/rectangle_00000.png'
    before = path.read_bytes()
    Image.open(path).convert('L').save(path, compress_level=0)
    assert path.read_bytes() != before
    check_manifest(tmp_path / 'set')


def test_rectangles_are_those_of_our_configs_validation(tmp_path):
    list(write_mask_set(tmp_path / 'set', 'rectangles', 2))
    config = Config.fromfile(ROOT / 'configs/tmad_natural.py')
    dataset = DATASETS.build(dict(
        config.val_dataloader.dataset, data_root=str(ROOT / 'demo'),
        data_prefix=dict(gt='photos')))
    for i, hole in enumerate(holes(tmp_path / 'set').values()):
        mask = dataset[i]['data_samples'].mask[0].numpy()
        assert np.array_equal(mask > 0, hole)


def test_parts_cover_the_area_they_are_named_after(tmp_path):
    list(write_mask_set(tmp_path / 'set', 'areas', 2, size=64))
    found = holes(tmp_path / 'set')
    assert len(found) == 12
    for name, hole in found.items():
        low, high = (int(x) for x in name.split('_')[0].split('-'))
        assert low < 100 * hole.mean() < high


def test_thick_strokes_are_thicker(tmp_path):
    list(write_mask_set(tmp_path / 'set', 'widths', 3, size=128))
    edges = {}
    for name, hole in holes(tmp_path / 'set').items():
        edge = np.abs(np.diff(hole.astype(int), axis=0)).sum() / hole.sum()
        edges.setdefault(name.split('_')[0], []).append(edge)
    thin, medium, thick = (np.mean(edges[x])
                           for x in ('thin', 'medium', 'thick'))
    assert thin > medium > thick


@pytest.mark.parametrize('options, says', [
    (['--count', '0'], 'a set of 0 masks is empty'),
    (['--count', '1', '--size', '8'], 'too small to draw in'),
])
def test_nothing_is_written_for_a_set_that_cannot_be(tmp_path, capsys,
                                                     options, says):
    assert main(['masks', 'widths', '-o', f'{tmp_path}/set', *options]) == 1
    assert says in capsys.readouterr().err
    assert not (tmp_path / 'set').exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / 'mine.txt').write_text('mine')
    assert main(['masks', 'widths', '-o', str(tmp_path), '--count', '1']) == 1
    assert 'not an empty folder' in capsys.readouterr().err
    assert [x.name for x in tmp_path.iterdir()] == ['mine.txt']


def test_a_mask_that_was_changed_is_seen(tmp_path):
    list(write_mask_set(tmp_path / 'set', 'free-form', 2, size=64))
    Image.new('L', (64, 64)).save(tmp_path / 'set/free-form_00001.png')
    with pytest.raises(ValueError, match='1 of the 2 .* free-form_00001.png'):
        check_manifest(tmp_path / 'set')
    (tmp_path / 'set/manifest.json').write_text(json.dumps([1]))
    with pytest.raises(ValueError, match='is no manifest'):
        check_manifest(tmp_path / 'set')
