"""What was painted, alone, lies exactly over the original."""
import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, write_model
from tmad_mmedit.cli import main
from tmad_mmedit.pictures.picture import Picture

HOLE = np.zeros((40, 60), bool)
HOLE[10:20, 15:40] = True


def result(mode, depth=np.uint8):
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 60, 40))
    source = photo.convert(mode)
    if depth == np.uint16:
        source = np.asarray(source).astype(np.uint16) * 257 + 3
    picture = Picture.of(source)
    rng = np.random.default_rng(0)
    return picture, picture.filled(rng.uniform(0, 255, (40, 60, 3)), HOLE)


@pytest.mark.parametrize('mode', ['RGB', 'L', 'P', '1', 'RGBA', 'LA'])
def test_laid_over_the_original_it_is_the_result(mode, tmp_path):
    picture, done = result(mode)
    done.patch.save(tmp_path / 'patch.png')
    layer = Image.open(tmp_path / 'patch.png')
    assert layer.mode in ('RGBA', 'LA') and layer.size == (60, 40)
    over = Image.alpha_composite(picture.pil().convert('RGBA'),
                                 layer.convert('RGBA'))
    assert over.tobytes() == done.pil().convert('RGBA').tobytes()
    alpha = np.asarray(layer.convert('RGBA'))[..., 3]
    assert np.array_equal(alpha == 255, HOLE) and not alpha[~HOLE].any()
    assert not np.asarray(layer)[~HOLE].any()  # and nothing is hidden


@pytest.mark.parametrize('mode', ['RGB', 'L'])
def test_sixteen_bits_stay(mode, tmp_path):
    picture, done = result(mode, np.uint16)
    done.patch.save(tmp_path / 'patch.png')
    layer = Picture.of(tmp_path / 'patch.png').stored
    assert layer.dtype == np.uint16 and layer.shape == (40, 60, 4)
    colours = done.stored if mode == 'RGB' else done.stored[..., None]
    assert (layer[HOLE][:, :3] == colours[HOLE]).all()
    assert (layer[HOLE][:, 3] == 65535).all() and not layer[~HOLE].any()


def test_what_has_no_patch_is_a_sentence():
    picture, done = result('CMYK')
    with pytest.raises(ValueError, match='CMYK knows no transparency'):
        done.patch  # noqa: B018
    with pytest.raises(ValueError, match='nothing was painted'):
        picture.patch  # noqa: B018


def test_it_is_written_beside_the_result(tmp_path, capsys):
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 60, 40))
    (tmp_path / 'in').mkdir()
    for name in ('in/a.jpg', 'in/b.webp'):
        photo.save(tmp_path / name)
    Image.fromarray(HOLE).save(tmp_path / 'mask.png')

    def run(image, out, patch):
        return main(['inpaint', f'{tmp_path}/{image}', f'{tmp_path}/mask.png',
                     '-o', f'{tmp_path}/{out}', '--patch',
                     f'{tmp_path}/{patch}', '--feather', '3', '--checkpoint',
                     f'{tmp_path}/slim.safetensors'])

    assert run('in', 'out', 'patches') == 0
    assert sorted(x.name for x in (tmp_path / 'patches').iterdir()) == [
        'a.png', 'b.webp']
    assert run('in/a.jpg', 'a.png', 'a_patch.tif') == 0
    layer, made, before = (Image.open(tmp_path / x).convert('RGBA') for x in (
        'a_patch.tif', 'a.png', 'in/a.jpg'))
    assert Image.alpha_composite(before, layer).tobytes() == made.tobytes()
    capsys.readouterr()
    for out, patch, said in (('b.png', 'b.jpg', 'use .png, .tif or .webp'),
                             ('b.png', 'b.png', 'give two files'),
                             ('b.png', 'in/a.jpg', '.png, .tif')):
        assert run('in/a.jpg', out, patch) != 0
        err = capsys.readouterr().err
        assert said in err and 'Traceback' not in err
        assert not (tmp_path / 'b.png').exists()
