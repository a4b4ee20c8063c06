"""Several results for one hole, of which a person chooses."""
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
from tmad_mmedit.models.shifts.settings import ShiftSettings
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


def test_the_first_is_the_default_and_each_can_be_had_again(inpainter, photo):
    made = inpainter.variants(photo, HOLE, len(WAYS))
    assert (made[0] == inpainter(photo, HOLE)).all()
    for way, one in zip(WAYS, made):
        assert (one == inpainter(photo, HOLE, way=way)).all()
        assert (one[~HOLE] == photo[~HOLE]).all()
    different = {one.tobytes() for one in made}
    assert len(different) >= 5  # of a small picture, near may be all of it


def test_ways_change_what_they_say():
    shifts, crops = ShiftSettings(), CropSettings()
    for name in ('guess', 'smooth'):
        assert way_named(name).shifts(shifts) == shifts
        assert way_named(name).crops(crops) == crops
    large = way_named('large').shifts(shifts)
    assert large.block_size == 16 and large.moves == (4, 4, 1, 0)
    assert way_named('free').shifts(shifts).guidance == 0
    assert way_named('small').shifts(shifts).block_size == 4
    assert way_named('near').crops(crops).pixels == 153
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
    (['--variants', '0'], '0 variants: expected 1 to 7'),
    (['--variants', '100'], '100 variants: expected 1 to 7'),
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
    assert run('in/a.png', 'd.png', '--way', 'large') == 0
    first, second, large = ((tmp_path / x).read_bytes() for x in (
        'c_1.png', 'c_2.png', 'd.png'))
    assert second == large == (tmp_path / 'out/a_2.png').read_bytes()
    assert first != second and not (tmp_path / 'c.png').exists()
    assert run('in/a.png', '-', '--variants', '2') != 0
    # one picture's variant may not be another picture's result
    Image.fromarray(photo).save(tmp_path / 'in/a_1.png')
    assert run('in', 'same', '--variants', '1') == 0
    assert (tmp_path / 'same/a_1_1.png').is_file()
