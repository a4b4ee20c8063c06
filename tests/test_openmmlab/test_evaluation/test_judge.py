"""The way of `tmad evaluate --real`, on small pieces of the photographs."""
import csv
import json
import sys

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.cli import main
from tmad_mmedit.openmmlab.evaluation import baselines, judge, views
from tmad_mmedit.openmmlab.evaluation.judge import compared
from tmad_mmedit.openmmlab.evaluation.kinds import groups_of
from tmad_mmedit.openmmlab.features import EfficientNetLite

NAMES = 'astronaut', 'chelsea', 'coffee', 'rocket'


@pytest.fixture
def folder(tmp_path):
    """Four photographs, a hole in each, and which kind it is."""
    for kind in ('photos', 'masks'):
        (tmp_path / kind).mkdir()
    hole = np.zeros((80, 96), np.uint8)
    hole[30:50, 40:60] = 255
    for name in NAMES:
        photo = Image.open(ROOT / f'demo/photos/{name}.jpg').convert('RGB')
        photo.resize((96, 80)).save(tmp_path / f'photos/{name}.png')
        Image.fromarray(hole).save(tmp_path / f'masks/{name}.png')
    (tmp_path / 'kinds.tsv').write_text(
        'file\tkind\tpart\n' + ''.join(
            f'{name}.jpg\t{"face" if name < "d" else "thing"}\t0.1\n'
            for name in NAMES).replace('coffee.jpg\tface',
                                       'coffee.jpg\tthing'))
    return tmp_path


def run(folder, *methods, options=(), kinds=True):
    return main(['evaluate', f'{folder}/photos', f'{folder}/masks', '-o',
                 f'{folder}/out', '--real', *options,
                 *(['--kinds', f'{folder}/kinds.tsv:kind'] if kinds else []),
                 '--methods', *methods])


def judged(folder):
    return json.loads((folder / 'out/judged.json').read_text())


def test_one_command_over_a_folder(folder, capsys):
    assert run(folder, 'ns', 'telea', options=[
        '--blind', '--every', '2']) == 0
    printed, found = capsys.readouterr().out, judged(folder)
    groups = {name: x['count'] for name, x in found['summary'].items()}
    assert groups == {'all': 4, 'kind: face': 2, 'kind: thing': 2}
    assert 'kind: face (2)' in printed and 'of ns' in printed
    truth, hole, *painted = (
        np.asarray(Image.open(folder / path / 'coffee.png')) for path in (
            'photos', 'masks', 'out/predictions/ns', 'out/predictions/telea'))
    expected = views.judged(truth, hole > 0, painted, EfficientNetLite(2))
    assert found['each']['ns'][2] == pytest.approx(expected[0])
    assert found['each']['telea'][2] == pytest.approx(expected[1])
    ratio = found['summary']['all']['rows']['telea']['perceptual ratio']
    ns, telea = ([x['perceptual'] for x in found['each'][row]]
                 for row in ('ns', 'telea'))
    assert ratio[0] == pytest.approx(sum(telea) / sum(ns))
    assert ratio[1] <= ratio[0] <= ratio[2]
    with open(folder / 'out/judged.csv') as file:
        assert len(list(csv.DictReader(file))) == 8
    assert '## telea beside ns' in (folder / 'out/judged.md').read_text()


def test_sheets_with_names_and_without_show_the_same(folder):
    assert run(folder, 'ns', 'telea', options=[
        '--blind', '--every', '1']) == 0
    named, blind = (np.asarray(Image.open(folder / f'out/{x}_1.png'))
                    for x in ('contact_sheet', 'blind'))
    with open(folder / 'out/blind_key.csv') as file:
        key = list(csv.DictReader(file))
    assert [x['picture'] for x in key] == list(NAMES)
    assert len({x['A'] for x in key}) == 2  # an order of its own each
    high, wide = named.shape[0] // 4, named.shape[1] // 4
    assert blind.shape == (4 * high, 3 * wide, 3)
    for i, line in enumerate(key):
        for letter, method in (('A', line['A']), ('B', line['B'])):
            rows, at = slice(i * high, i * high + 50), 'AB'.index(letter) + 1
            by = ['ns', 'telea'].index(method) + 1
            assert np.array_equal(
                blind[rows, at * wide:at * wide + 50],
                named[rows, by * wide:by * wide + 50])


def test_what_is_painted_and_judged_is_kept_when_it_is_stopped(
        folder, monkeypatch):
    calls, real = [], views.judged

    def stopped(*args):
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError('stopped')
        return real(*args)

    monkeypatch.setattr(judge.views, 'judged', stopped)
    assert run(folder, 'ns') == 1 and len(calls) == 3
    assert not (folder / 'out/judged.json').exists()
    painted = sorted((folder / 'out/predictions/ns').iterdir())
    times = [path.stat().st_mtime_ns for path in painted]
    assert run(folder, 'ns') == 0 and len(calls) == 5
    assert [path.stat().st_mtime_ns for path in painted] == times
    assert run(folder, 'ns', 'telea') == 0
    assert len(calls) == 9 and {len(x[2]) for x in calls} == {1}


def test_what_is_painted_anew_is_judged_anew(folder, monkeypatch):
    assert run(folder, 'ns', 'telea') == 0
    before = judged(folder)['each']
    monkeypatch.setitem(
        baselines.BASELINES, 'telea', baselines.BASELINES['telea']._replace(
            settings=dict(radius=12)))
    assert run(folder, 'ns', 'telea') == 0
    after = judged(folder)['each']
    assert after['ns'] == before['ns'] and after['telea'] != before['telea']


def test_a_part_belongs_to_a_larger_part(folder):
    parts = []
    for most in ('2', '3'):
        assert run(folder, 'ns', options=['--most', most]) == 0
        parts.append({x['name'] for x in judged(folder)['samples']})
    assert [len(x) for x in parts] == [2, 3] and parts[0] < parts[1]


@pytest.mark.slow
def test_the_model_that_ships_is_a_method(folder):
    from tmad_mmedit import Inpainter
    assert run(folder, 'ns', 'tmad', options=['--most', '1']) == 0
    name = judged(folder)['samples'][0]['name']
    photo, hole, painted = (
        np.asarray(Image.open(folder / path / f'{name}.png'))
        for path in ('photos', 'masks', 'out/predictions/tmad'))
    assert np.array_equal(painted, Inpainter()(photo, hole))


def test_a_method_that_is_not_there_is_said(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, 'patchmatch', None)
    assert run(folder, 'patchmatch', 'ns') == 0
    assert 'pip install pypatchmatch' in capsys.readouterr().out
    assert list(judged(folder)['methods']) == ['ns']
    assert run(folder, 'patchmatch') == 1
    assert 'no method is there' in capsys.readouterr().err


@pytest.mark.parametrize('options, says', [
    (['--kinds', 'nowhere.tsv:kind'], 'nowhere.tsv is not there'),
    (['--kinds', '{}/kinds.tsv'], 'name no column: give FILE:COLUMN'),
    (['--kinds', '{}/kinds.tsv:scene'], 'has the columns file, kind, part'),
    (['--kinds', '{}/few.csv:kind'], '3 of 4 pictures are not in'),
    (['--kinds', '{}/two.csv:kind'], 'says that coffee is a and b'),
    (['--kinds', '{}/photos/coffee.png:kind'], 'is no text'),
    (['--most', '0'], 'at most 0 pictures are none'),
    (['--every', '0'], 'every 0-th picture is none'),
    (['--crop', '64'], 'as they are: leave out --crop'),
])
def test_what_does_not_fit_is_refused(folder, capsys, options, says):
    (folder / 'few.csv').write_text('name,kind\ncoffee,a\n')
    (folder / 'two.csv').write_text('name,kind\ncoffee,a\ncoffee.png,b\n')
    options = [x.replace('{}', str(folder)) for x in options]
    assert run(folder, 'ns', options=options, kinds=False) == 1
    assert says in capsys.readouterr().err
    assert not (folder / 'out').exists()


def test_a_name_may_have_a_dot_and_no_ending(tmp_path):
    (tmp_path / 'kinds.csv').write_text('name,kind\nIMG.1,a\nIMG.2.png,b\n')
    assert groups_of(['IMG.1', 'IMG.2'], [f'{tmp_path}/kinds.csv:kind']) == {
        'all': [0, 1], 'kind: a': [0], 'kind: b': [1]}


def test_kinds_are_of_real_size(folder, capsys):
    assert main(['evaluate', f'{folder}/photos', f'{folder}/masks', '-o',
                 f'{folder}/out', '--blind']) == 1
    assert '--kinds and --blind are of --real' in capsys.readouterr().err


def test_comparing_by_hand():
    each = {'one': [dict(perceptual=p, psnr=10., tv=1., coherence=c)
                    for p, c in ((0.5, 1.), (1.5, float('nan')), (9., 2.))],
            'two': [dict(perceptual=p, psnr=12., tv=.5, coherence=c)
                    for p, c in ((0.4, 3.), (1.6, float('nan')), (9., 2.))]}
    found = compared(each, [0, 1])['two']
    assert found['perceptual ratio'].value == pytest.approx(1)
    assert found['psnr difference'].value == pytest.approx(2)
    assert found['nearer'].value == 0.5
    assert found['coherence ratio'].value == 3  # of the one that has any
    assert 'coherence' not in compared(each, [1])['two']
