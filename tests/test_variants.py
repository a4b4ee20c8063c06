"""Several results for one hole, of which a person chooses."""
from collections import Counter

import numpy as np
import pytest
import torch
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, write_model
from tmad_mmedit import Inpainter, Picture
from tmad_mmedit.cli import main
from tmad_mmedit.load import build_model
from tmad_mmedit.models.crops import CropSettings
from tmad_mmedit.models.ops.window import Window
from tmad_mmedit.models.shifts import choice
from tmad_mmedit.models.shifts.costs import UNKNOWN
from tmad_mmedit.models.shifts.field import ShiftField
from tmad_mmedit.models.shifts.settings import ShiftSettings
from tmad_mmedit.models.shifts.variety import farthest_first, seams
from tmad_mmedit.models.ways import WAYS, way_named

HOLE = np.zeros((90, 120), bool)
HOLE[30:62, 40:75] = True


@pytest.fixture(scope='module')
def photo():
    photo = Image.open(ROOT / 'demo/photos/brick.jpg').convert('RGB')
    return np.asarray(photo.crop((0, 0, 120, 90)))


@pytest.fixture(scope='module')
def inpainter():
    torch.manual_seed(0)
    return Inpainter(model=build_model(SLIM_COHERENT))


@pytest.mark.parametrize('count', [3, len(WAYS)])
def test_the_first_is_the_default_and_each_can_be_had_again(
        inpainter, photo, count):
    made = inpainter.variants(photo, HOLE, count)
    assert made[0].way == 'guess' and len({x.way for x in made}) == count
    assert (made[0].result == inpainter(photo, HOLE)).all()
    for one, way in made:
        assert (one == inpainter(photo, HOLE, way=way)).all()
        assert (one[~HOLE] == photo[~HOLE]).all()
    # of a small picture, near may be all of it
    assert len({x.result.tobytes() for x in made}) >= min(count, 5)


def test_what_chooses_as_another_does_comes_last(inpainter, photo):
    """Where there is no plane, level is guess."""
    assert 'level' not in {x.way for x in inpainter.variants(photo, HOLE, 5)}
    assert (inpainter(photo, HOLE, way='level') ==
            inpainter(photo, HOLE)).all()


def test_pieces_of_a_scratch_are_each_way_s_own(inpainter, photo):
    photo = np.tile(photo, (1, 3, 1))
    scratch = np.zeros(photo.shape[:2], bool)
    scratch[40:46, 10:350] = True
    scratch[70:74, 30:34] = True  # a speck
    made = inpainter.variants(photo, scratch, 3)
    for one, way in made:
        assert (one == inpainter(photo, scratch, way=way)).all()
    assert len({x.result.tobytes() for x in made}) == 3


def test_a_hint_and_an_area_are_heeded_by_all(inpainter, photo):
    hint = np.zeros((90, 120, 4), np.uint8)
    hint[40:50, 50:60] = 250, 20, 20, 255
    said = dict(hint=hint, not_from=np.uint8(255 * (
        np.arange(120) < 30))[None].repeat(90, 0))
    for one, way in inpainter.variants(photo, HOLE, 3, **said):
        assert (one == inpainter(photo, HOLE, way=way, **said)).all()


def test_what_does_not_depend_on_the_way_is_made_once(
        inpainter, photo, monkeypatch):
    made, model = [], inpainter.model
    for part in (model.coarse, model.correspondence):
        forward = part.forward
        monkeypatch.setattr(
            part, 'forward', lambda *args, f=forward, p=part, **rest: (
                made.append(p), f(*args, **rest))[1])
    for name in ('dominant_shifts', 'boundary_matches'):
        function = getattr(choice, name)
        monkeypatch.setattr(
            choice, name, lambda *args, f=function, n=name, **rest: (
                made.append(n), f(*args, **rest))[1])
    inpainter(photo, HOLE)
    alone, made[:] = list(made), []
    inpainter.variants(photo, HOLE, 4)
    assert Counter(made) == Counter(alone) and len(set(made)) == 4


def test_specks_alone_are_the_same_in_each_way(inpainter, photo):
    speck = np.zeros((90, 120), bool)
    speck[30:35, 40:45] = True
    first, second = inpainter.variants(photo, speck, 2)
    assert (first.result == second.result).all()


def test_those_that_differ_come_first():
    apart = torch.tensor([[0., 1, 4, 3], [1, 0, 5, 2], [4, 5, 0, 1],
                          [3, 2, 1, 0]])
    assert farthest_first(apart, 4) == [0, 2, 1, 3]
    assert farthest_first(torch.zeros(3, 3), 3) == [0, 1, 2]


def test_seams_are_what_differs_where_pieces_meet():
    row = torch.tensor([0., 1, 2, 3, 9, 9, 4, 5, 6, 7])
    img = (row / 10)[None, None].repeat(3, 1, 1)
    mask = torch.zeros(1, 1, 10)
    mask[..., 4:6] = 1
    field = ShiftField(Window(0, 1, 4, 6), torch.tensor(
        [[0, 0], [-3, -3]]).view(1, 2, 1, 2))
    # beside the hole .3 meets 0, and .4 meets .3; of its own two pixels only
    # what one of both shifts shows is known
    square = 3 * (.3**2 + .1**2) / 4
    assert seams(img * (1 - mask), mask, field) == pytest.approx(
        square + 2 * UNKNOWN, rel=1e-4)


def test_near_is_beside_the_hole_where_that_can_be(inpainter, photo):
    photo = np.tile(photo, (3, 3, 1))
    hole = np.zeros(photo.shape[:2], bool)
    hole[120:150, 160:190] = True
    model = inpainter.model
    img = torch.from_numpy(photo / 127.5 - 1).permute(2, 0, 1)[None].float()
    mask = torch.from_numpy(hole)[None, None].float()
    with torch.no_grad():
        shift = model.inpaint(img * (1 - mask), mask, way='near').field.shift
    assert shift.abs().max() <= 30 + 32 + 8


def test_ways_change_what_they_say():
    shifts, crops = ShiftSettings(), CropSettings()
    assert way_named('guess').shifts(shifts) == shifts
    assert way_named('smooth').shifts(shifts).moves == (4, 1)
    for name in ('guess', 'smooth', 'near'):
        assert way_named(name).crops(crops) == crops
    assert way_named('large').manner.large and way_named('near').manner.near
    assert way_named('free').shifts(shifts).guidance == 0
    assert way_named('small').shifts(shifts).block_size == 4
    assert way_named('wide').crops(crops).times == (4.25, 6.8)


def test_a_smooth_guess_knows_no_network(inpainter, photo):
    smooth = inpainter.steps(photo, HOLE).coarse  # of the default, a guess
    assert smooth[HOLE].std() > 0
    filled = inpainter.fill(
        [Picture.of(photo)], [HOLE], coarse=True,
        way='smooth')[0]
    guess = filled.coarse.rgb.astype(float)
    around = guess[29:63, 39:76]
    laplace = (around[:-2, 1:-1] + around[2:, 1:-1] + around[1:-1, :-2] +
               around[1:-1, 2:] - 4 * around[1:-1, 1:-1])
    assert abs(laplace).max() <= 4  # levels: four roundings


@pytest.mark.parametrize('given, said', [
    (['--variants', '0'], '0 variants: expected 1 to 8'),
    (['--variants', '100'], '100 variants: expected 1 to 8'),
    (['--way', 'best'], "way is 'best': expected one of guess"),
    (['--way', 'free', '--variants', '2'], 'give one of them')])
def test_what_there_is_not_is_a_sentence(given, said, tmp_path, capsys):
    assert main(['inpaint', 'a.png', 'b.png', '-o', f'{tmp_path}/c.png',
                 *given]) != 0
    assert said in capsys.readouterr().err


def test_each_variant_is_a_file_and_is_resumed(tmp_path, photo, capsys):
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    (tmp_path / 'in').mkdir()
    for name in 'ab':
        Image.fromarray(photo).save(tmp_path / f'in/{name}.png')
    Image.fromarray(HOLE).save(tmp_path / 'mask.png')

    def run(image, out, *more):
        return main(['inpaint', f'{tmp_path}/{image}', f'{tmp_path}/mask.png',
                     '-o', f'{tmp_path}/{out}', *more, '--checkpoint',
                     f'{tmp_path}/slim.safetensors'])

    assert run('in', 'out', '--variants', '2', '--patch',
               f'{tmp_path}/patches') == 0
    names = ['a_1.png', 'a_2.png', 'b_1.png', 'b_2.png']
    for folder in ('out', 'patches'):
        assert sorted(x.name for x in (tmp_path / folder).iterdir()) == names
    (tmp_path / 'out/b_2.png').unlink()
    capsys.readouterr()
    assert run('in', 'out', '--variants', '2') == 0
    assert '1 inpainted' in (said := capsys.readouterr().out)
    assert '3 were there' in said
    assert run('in/a.png', 'c.png', '--variants', '2') == 0
    err = capsys.readouterr().err
    assert 'c_1.png: way guess' in err
    way = err.split('c_2.png: way ')[1].split()[0]
    assert run('in/a.png', 'd.png', '--way', way) == 0
    first, second, again = ((tmp_path / x).read_bytes() for x in (
        'c_1.png', 'c_2.png', 'd.png'))
    assert second == again == (tmp_path / 'out/a_2.png').read_bytes()
    assert first != second and not (tmp_path / 'c.png').exists()
    assert run('in/a.png', '-', '--variants', '2') != 0
    # one picture's variant may not be another picture's result
    Image.fromarray(photo).save(tmp_path / 'in/a_1.png')
    assert run('in', 'same', '--variants', '1') == 0
    assert (tmp_path / 'same/a_1_1.png').is_file()
