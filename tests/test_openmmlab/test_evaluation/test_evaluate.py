"""The whole way of `tmad evaluate`, on small pieces of the photographs."""
import csv
import json
import sys
import weakref

import numpy as np
import pytest
import torch
from mmengine.registry import MODELS
from PIL import Image

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tests.test_openmmlab.test_metrics.test_of_sets import Colours
from tmad_mmedit.cli import main
from tmad_mmedit.openmmlab.evaluation import model
from tmad_mmedit.openmmlab.evaluation.samples import Source
from tmad_mmedit.openmmlab.host import HOST

DEEPFILL = f'{HOST}::deepfillv2/deepfillv2_8xb2_places-256x256.py'


@pytest.fixture
def folder(tmp_path):
    """Four images of 64 x 64 pixels, masks for them, and a small T-MAD."""
    (tmp_path / 'images').mkdir()
    for name in ('astronaut', 'chelsea', 'coffee', 'rocket'):
        Image.open(ROOT / f'demo/photos/{name}.jpg').resize((64, 64)).save(
            tmp_path / f'images/{name}.png')
    main(['masks', 'free-form', '-o', f'{tmp_path}/masks', '--count', '4',
          '--size', '64'])
    config = slim_config()
    config.dump(str(tmp_path / 'slim.py'))
    torch.save(MODELS.build(config.model).state_dict(), tmp_path / 'slim.pth')
    return tmp_path


def run(folder, *methods, options=()):
    return main(['evaluate', f'{folder}/images', f'{folder}/masks', '-o',
                 f'{folder}/out', *options, '--methods', *methods])


def results(folder):
    return json.loads((folder / 'out/results.json').read_text())


def predictions(folder, name='mine'):
    """What another program made: the masked images as they are."""
    if not (folder / 'out/inputs').is_dir():
        assert run(folder) == 0
    (folder / 'out/inputs/masked').rename(folder / name)
    return folder / name


@pytest.mark.slow
def test_one_table_of_everything_the_same_again(folder, capsys):
    mine = predictions(folder)
    methods = ('telea', f'tmad={folder}/slim.py,{folder}/slim.pth',
               f'mine={mine}')
    capsys.readouterr()
    assert run(folder, *methods) == 0
    printed = capsys.readouterr().out
    first = {path.name: path.read_bytes()
             for path in (folder / 'out').iterdir() if path.is_file()}
    assert first.keys() == {
        'results.json', 'table.csv', 'each.csv', 'table.md',
        'contact_sheet.png', 'psnr_by_area.png', 'swd_by_area.png'}
    painted = folder / 'out/predictions/tmad/coffee.png'
    when = painted.stat().st_mtime_ns
    assert run(folder, *methods) == 0
    assert capsys.readouterr().out == printed
    assert painted.stat().st_mtime_ns == when
    for name, content in first.items():
        if not name.endswith('_by_area.png'):  # matplotlib's may vary
            assert (folder / 'out' / name).read_bytes() == content
    rows = [line.split('|')[1].strip() for line in printed.splitlines()
            if line.startswith('|')][2:]
    assert rows[-5:] == ['telea', 'tmad', 'tmad coarse', 'mine', 'photograph']
    assert 'FID: no Inception weights were given' in printed


def test_numbers_by_hand(folder):
    mine = predictions(folder)
    run(folder, 'telea', f'mine={mine}')
    found = results(folder)
    means = found['summary']['all']['means']['mine']
    l1, psnr = [], []
    for sample in found['samples']:
        image, mask = (np.array(Image.open(
            folder / f'out/inputs/{kind}/{sample["name"]}.png')).astype(float)
            for kind in ('images', 'masks'))
        error = image[mask > 0] - 255
        assert sample['hole'] == pytest.approx((mask > 0).mean())
        l1.append(100 * np.abs(error).mean() / 255)
        psnr.append(10 * np.log10(255**2 / (error**2).mean()))
    assert found['each']['mine']['l1 % hole'] == pytest.approx(l1)
    assert means['l1 % hole'][0] == pytest.approx(np.mean(l1))
    assert means['PSNR hole'][0] == pytest.approx(np.mean(psnr))
    difference = found['summary']['all']['differences']['mine']['PSNR hole']
    assert difference[0] == pytest.approx(np.mean(psnr) - np.mean(
        found['each']['telea']['PSNR hole']))
    assert difference[1] <= difference[0] <= difference[2]
    groups = {name: x['count'] for name, x in found['summary'].items()}
    assert groups.pop('all') == sum(groups.values()) == 4
    with open(folder / 'out/each.csv') as file:
        lines = list(csv.DictReader(file))
    assert float(lines[4]['l1 % hole']) == pytest.approx(l1[0])


@pytest.mark.slow
def test_a_picture_at_a_time_is_in_memory(folder, monkeypatch):
    read, alive, most = Source.read, weakref.WeakSet(), []

    class Image(np.ndarray):
        __hash__ = object.__hash__

    def counted(source):
        sample = read(source)
        image = sample.image.view(Image)
        alive.add(image)
        most.append(len(alive))
        return sample._replace(image=image)

    monkeypatch.setattr(Source, 'read', counted)
    assert run(folder, 'telea', f'tmad={folder}/slim.py') == 0
    assert len(most) > 5 * 4 and max(most) <= 2


def test_only_what_changed_is_painted_again(folder):
    run(folder, 'ns')
    painted = sorted((folder / 'out/predictions/ns').iterdir())
    painted[0].unlink()
    painted[1].write_bytes(b'half-written')
    times = [path.stat().st_mtime_ns for path in painted[2:]]
    before = (folder / 'out/each.csv').read_text()
    assert run(folder, 'ns') == 0
    assert [path.stat().st_mtime_ns for path in painted[2:]] == times
    assert (folder / 'out/each.csv').read_text() == before


def test_what_other_code_painted_is_painted_again(folder, monkeypatch):
    methods = 'telea', f'tmad={folder}/slim.py,{folder}/slim.pth'
    for path in list((folder / 'images').iterdir())[1:]:
        path.unlink()

    def painted():
        assert run(folder, *methods) == 0
        return {row: sorted(x.stat().st_mtime_ns for x in (
            folder / 'out/predictions' / row).iterdir())
            for row in ('telea', 'tmad', 'tmad coarse')}

    before = painted()
    assert painted() == before
    monkeypatch.setattr(model, 'digest_of_package', lambda: 'other code')
    after = painted()
    assert after['telea'] == before['telea']
    for row in ('tmad', 'tmad coarse'):
        assert min(after[row]) > max(before[row])
    assert results(folder)['methods']['tmad']['settings']['source'] == (
        'other code')


def test_an_inpaintor_of_mmediting_and_random_weights_are_rows(folder,
                                                               capsys):
    for path in list((folder / 'images').iterdir())[1:]:
        path.unlink()
    assert run(folder, f'deepfill={DEEPFILL}', f'tmad={folder}/slim.py') == 0
    assert capsys.readouterr().out.count('random weights') == 3
    known = np.array(Image.open(next(
        (folder / 'out/predictions/deepfill').iterdir())))
    image, mask = (np.array(Image.open(next(
        (folder / f'out/inputs/{kind}').iterdir())))
        for kind in ('images', 'masks'))
    assert np.array_equal(known[mask == 0], image[mask == 0])


def test_a_baseline_that_is_not_installed_says_what_to_install(
        folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, 'patchmatch', None)
    assert run(folder, 'patchmatch', 'telea') == 0
    assert 'pip install pypatchmatch' in capsys.readouterr().out
    assert 'telea' in results(folder)['each']


@pytest.mark.parametrize('spoil, says', [
    (lambda x: (x / 'coffee.png').unlink(),
     '1 of 4 predictions are missing in'),
    (lambda x: Image.new('RGB', (32, 16)).save(x / 'rocket.png'),
     'have another size: rocket (32 x 16, not 64 x 64)'),
    (lambda x: [y.rename(x / f'_{y.name}') for y in list(x.iterdir())],
     'none of the 4 pictures in'),
    (lambda x: [y.unlink() for y in list(x.iterdir())], 'holds no picture'),
    (lambda x: (x / 'coffee.png').write_bytes(b'1'), 'cannot be decoded'),
])
def test_predictions_that_do_not_fit_are_refused(folder, capsys, spoil, says):
    mine = predictions(folder)
    spoil(mine)
    assert run(folder, f'mine={mine}') == 1
    assert says in capsys.readouterr().err
    assert not (folder / 'out/predictions').exists()


def test_more_predictions_and_changed_known_pixels_are_remarked(folder,
                                                                capsys):
    mine = predictions(folder)
    Image.new('RGB', (64, 64)).save(mine / 'other.png')
    Image.new('RGB', (64, 64)).save(mine / 'coffee.png')
    assert run(folder, f'mine={mine}') == 0
    out = capsys.readouterr().out
    assert '1 more there belong to no sample, among them other' in out
    assert '1 of 4 change pixels outside the hole' in out


@pytest.mark.parametrize('methods, says', [
    (['magic'], "method 'magic' is unknown: give one of telea"),
    (['a=nowhere.py,x.pth'], 'config nowhere.py is not there'),
    (['a=tmad_demo,x.pth'], 'checkpoint x.pth is not there'),
    (['ns', 'ns'], 'two methods are called ns'),
])
def test_methods_that_are_none_are_refused(folder, capsys, methods, says):
    assert run(folder, *methods) == 1
    assert says in capsys.readouterr().err
    assert not (folder / 'out').exists()


def test_fid_is_of_all_pictures_when_inception_is_given(folder):
    torch.jit.script(Colours()).save(f'{folder}/inception.pt')
    assert run(folder, 'ns', options=[
        '--inception', f'{folder}/inception.pt']) == 0
    found = results(folder)['summary']
    assert found['all']['means']['ns']['FID whole'][0] > 0
    assert abs(found['all']['means']['photograph']['FID whole'][0]) < 1e-2
    bins = [x['means']['ns'] for group, x in found.items() if group != 'all']
    assert bins and not any('FID whole' in x for x in bins)


def test_inception_that_is_not_there_is_refused(folder, capsys):
    assert run(folder, 'ns', options=['--inception', 'none.pt']) == 1
    assert 'none.pt are not there' in capsys.readouterr().err
    assert not (folder / 'out').exists()
