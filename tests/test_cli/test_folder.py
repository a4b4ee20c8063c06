import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from tests.conftest import ROOT
from tests.slim import SLIM_PAPER, write_model
from tmad_mmedit.cli import main
from tmad_mmedit.load import FIELD


@pytest.fixture
def folder(tmp_path):
    """Twenty pictures, five of them broken, with masks; what a run needs."""
    for name in ('photos', 'masks'):
        (tmp_path / name).mkdir()
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 60, 40))
    mask = np.zeros((40, 60), np.uint8)
    mask[10:20, 10:40] = 255
    for i in range(20):
        photo.save(tmp_path / f'photos/{i:02}.{("png", "jpg")[i % 2]}')
        Image.fromarray(mask).save(tmp_path / f'masks/{i:02}.bmp')
    photos = tmp_path / 'photos'
    (photos / '02.png').write_bytes(b'')
    (photos / '05.jpg').write_bytes((photos / '07.jpg').read_bytes()[:400])
    (photos / '08.png').write_text('no picture')
    Image.fromarray(mask * 0).save(tmp_path / 'masks/11.bmp')
    Image.fromarray(mask[:30]).save(tmp_path / 'masks/14.bmp')
    write_model(tmp_path / 'slim.safetensors', SLIM_PAPER)
    return tmp_path


def run(folder, *options):
    return main([
        'inpaint', f'{folder}/photos', f'{folder}/masks', '-o',
        f'{folder}/out', '--checkpoint', f'{folder}/slim.safetensors',
        *options
    ])


def test_a_folder_is_done_but_for_its_broken_files(folder, capsys):
    assert run(folder, '--batch-size', '4') == 1
    out, err = capsys.readouterr()
    assert '15 inpainted' in out and '0 were there, 5 failed' in out
    failures = [x for x in err.splitlines() if x.startswith('tmad: ')]
    print('\n'.join([out, *failures]))
    assert [x[6:8] for x in failures] == ['02', '05', '08', '11', '14']
    assert len(list((folder / 'out').iterdir())) == 15
    assert run(folder) == 1  # resumes
    assert '0 inpainted' in capsys.readouterr().out


def test_whatever_breaks_the_folder_goes_on_and_names_it(
        folder, capsys, monkeypatch):
    from tmad_mmedit import Inpainter, Picture
    of, fill = Picture.of, Inpainter.fill

    def break_some(path):
        if path.stem in ('00', '01'):
            raise MemoryError if path.stem == '00' else RecursionError('deep')
        return of(path)

    def break_another(self, pictures, *args, **options):
        if pictures and pictures[0].size == (41, 60):
            raise MemoryError
        return fill(self, pictures, *args, **options)

    (folder / 'photos/Thumbs.db').write_bytes(b'\xd0\xcf\x11')
    (folder / 'photos/notes.txt').write_text('not a picture')
    image = Image.new('RGB', (60, 41))
    image.save(folder / 'photos/03.jpg')
    image.convert('L').point(lambda x: 0).save(folder / 'masks/03.bmp')
    mask = np.zeros((41, 60), np.uint8)
    mask[10:20, 10:40] = 255
    Image.fromarray(mask).save(folder / 'masks/03.bmp')
    Image.open(folder / 'photos/04.png').save(
        folder / 'photos/04.png', exif=b'Exif\0\0nothing')
    cmyk = Image.open(folder / 'photos/07.jpg').convert('CMYK')
    cmyk.save(folder / 'photos/07.jpg')
    monkeypatch.setattr(Picture, 'of', break_some)
    monkeypatch.setattr(Inpainter, 'fill', break_another)
    assert run(folder) == 1
    out, err = capsys.readouterr()
    assert '12 inpainted' in out and '0 were there, 8 failed; 2 passed' in out
    assert 'tmad: 00.png: the memory is not enough' in err
    assert 'tmad: 01.jpg: RecursionError: deep' in err
    assert 'tmad: 03.jpg: the memory is not enough' in err
    assert 'tmad: 04.png: warning: image ' in err
    assert Image.open(folder / 'out/07.tif').mode == 'CMYK'


def test_several_pictures_and_patterns_go_into_one_folder(folder, capsys):
    sub = folder / 'photos/sub'
    sub.mkdir()
    (folder / 'photos/00.png').rename(sub / '00.png')
    (folder / 'masks/sub').mkdir()
    (folder / 'masks/00.bmp').rename(folder / 'masks/sub/00_mask.bmp')
    options = ['--checkpoint', f'{folder}/slim.safetensors', '-o',
               f'{folder}/out/']
    assert main(['inpaint', f'{folder}/photos/01.jpg',
                 f'{folder}/photos/1[67].*', f'{folder}/masks',
                 *options]) == 0
    assert {x.name for x in (folder / 'out').iterdir()} == {
        '01.png', '16.png', '17.png'}
    assert main(['inpaint', f'{folder}/nothing*', f'{folder}/masks',
                 *options]) == 1
    assert 'no file fits' in capsys.readouterr().err
    run(folder, '--recursive')
    assert (folder / 'out/sub/00.png').is_file()


def test_what_was_made_on_the_way_is_written_beside_and_first(
        folder, monkeypatch):
    """What has a result counts as finished."""
    from tmad_mmedit import Picture
    save, names = Picture.save, []

    def noted(picture, path):
        names.append(path.name)
        save(picture, path)

    monkeypatch.setattr(Picture, 'save', noted)
    run(folder, '--save-coarse', '--side-by-side', '--dilate', '2')
    assert names[:4] == ['00_coarse.png', '00_steps.png', '00.png',
                         '01_coarse.png']
    assert (folder / 'out/00_coarse.png').is_file()
    assert Image.open(folder / 'out/00_steps.png').size == (180, 40)


def test_the_figure_is_drawn(folder):
    assert main([
        'show', f'{folder}/photos/00.png', f'{folder}/masks/00.bmp', '-o',
        f'{folder}/figure.png', '--checkpoint', f'{folder}/slim.safetensors'
    ]) == 0
    assert Image.open(folder / 'figure.png').width == 180


def test_pickled_code_is_refused(folder, capsys):
    class Code:
        def __reduce__(self):
            return open, (str(folder / 'ran'), 'w')

    torch.save(dict(state_dict={}, hub=Code()), folder / 'slim.pth')
    assert run(folder, '--checkpoint', f'{folder}/slim.pth') == 1
    assert 'tmad export' in capsys.readouterr().err
    assert not (folder / 'ran').exists() and not (folder / 'out').exists()


def test_a_device_that_is_not_there_is_one_sentence(folder, capsys):
    assert run(folder, '--device', 'cuda:99') == 1
    assert "device 'cuda:99' is not there" in capsys.readouterr().err


@pytest.mark.parametrize('name', ['slim.safetensors', 'slim.pth'])
@pytest.mark.parametrize('content', [b'', b'text\n', b'PK\x03\x04cut'])
def test_a_checkpoint_that_is_none_is_one_sentence(
        folder, capsys, name, content):
    (folder / name).write_bytes(content)
    assert run(folder, '--checkpoint', f'{folder}/{name}') == 1
    error, = capsys.readouterr().err.strip().splitlines()[-1:]
    assert error.startswith('tmad: checkpoint ')


def test_a_model_file_of_another_version_is_one_sentence(folder, capsys):
    path = folder / 'slim.safetensors'
    save_file(load_file(path), path, {FIELD: '{"version": 99}'})
    assert run(folder) == 1
    error, = capsys.readouterr().err.strip().splitlines()
    assert error.startswith('tmad: model file ') and 'version 99' in error
    assert not (folder / 'out').exists()


def test_hints_and_areas_of_a_folder_are_found_by_name(folder, capsys):
    from tests.slim import SLIM_COHERENT
    write_model(folder / 'coherent.safetensors', SLIM_COHERENT)
    hint = np.zeros((40, 60, 4), np.uint8)
    hint[10:20, 10:40] = 250, 20, 20, 255
    area = np.zeros((40, 60), np.uint8)
    area[:, 40:] = 255
    for name in ('hints', 'areas'):
        (folder / name).mkdir()
    Image.fromarray(hint).save(folder / 'hints/01.png')
    Image.fromarray(hint[:9]).save(folder / 'hints/03.png')
    Image.fromarray(area).save(folder / 'areas/04_mask.png')
    Image.fromarray(0 * area).save(folder / 'areas/06.png')
    model = '--checkpoint', f'{folder}/coherent.safetensors'
    run(folder, *model)
    capsys.readouterr()
    run(folder, *model, '--hint', f'{folder}/hints', '--not-from',
        f'{folder}/areas', '-o', f'{folder}/led')
    err = capsys.readouterr().err
    assert '03.jpg: hint has 60 x 9 pixels, the picture 60 x 40' in err
    assert '06.png: not_from is black all over' in err
    assert 'Traceback' not in err
    same = {i: (np.array(Image.open(folder / f'out/{i}.png')) == np.array(
        Image.open(folder / f'led/{i}.png'))).all()
        for i in ('00', '01', '04', '07')}
    assert same == {'00': True, '01': False, '04': False, '07': True}
    assert run(folder, *model, '--hint', f'{folder}/nowhere') != 0
    assert 'nowhere is not there' in capsys.readouterr().err
    assert main(['inpaint', f'{folder}/photos/00.png',
                 f'{folder}/masks/00.bmp',
                 '-o', f'{folder}/a.png', '--hint', f'{folder}/hints/01.png',
                 '--checkpoint', f'{folder}/slim.safetensors']) != 0
    assert 'heeds no hint' in capsys.readouterr().err
    assert not (folder / 'a.png').exists()
