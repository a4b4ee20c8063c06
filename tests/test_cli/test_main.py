import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_PAPER, write_model
from tmad_mmedit.cli import main


@pytest.fixture
def files(tmp_path):
    """A picture, a mask and a model file, as paths."""
    paths = {
        name: str(tmp_path / name)
        for name in ('photo.png', 'mask.png', 'slim.safetensors', 'out.png')
    }
    photo = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:40, :60]
    mask = np.zeros((40, 60), np.uint8)
    mask[10:20, 10:40] = 255
    Image.fromarray(photo).save(paths['photo.png'])
    Image.fromarray(mask).save(paths['mask.png'])
    write_model(tmp_path / 'slim.safetensors', SLIM_PAPER)
    return paths


def run(files, *options, **changes):
    files = {**files, **changes}
    return main([
        'inpaint', files['photo.png'], files['mask.png'], '-o',
        files['out.png'], '--checkpoint', files['slim.safetensors'], *options
    ])


def test_a_picture_is_written_and_named(files, capsys):
    assert run(files) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(files['out.png'])
    photo, out, mask = (np.array(Image.open(files[name]))
                        for name in ('photo.png', 'out.png', 'mask.png'))
    assert np.array_equal(out[mask == 0], photo[mask == 0])
    assert not np.array_equal(out, photo)


def test_pillows_limit_is_lifted_by_an_option(files, monkeypatch, capsys):
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 1000)  # photo.png has 2400
    assert run(files) == 1
    assert 'pass --max-megapixels' in capsys.readouterr().err
    assert run(files, '--max-megapixels', '0.0025') == 0


def test_a_missing_folder_is_made(files, tmp_path):
    out = tmp_path / 'new/folder/out.png'
    assert run(files, **{'out.png': str(out)}) == 0
    assert out.is_file()


def test_a_figure_is_not_drawn_over_its_mask(files, capsys):
    before = Path(files['mask.png']).read_bytes()
    assert main(['show', files['photo.png'], files['mask.png'], '-o',
                 files['mask.png']]) == 1
    assert 'would be written over' in capsys.readouterr().err
    assert Path(files['mask.png']).read_bytes() == before


def larger(files):
    """A picture of which a memory does not hold all windows."""
    photo = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:70, :90]
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    Image.fromarray(photo).save(files['photo.png'])
    Image.fromarray(mask).save(files['mask.png'])


def test_seed_and_overlap_reach_the_model(files):
    larger(files)

    def painted(*options):
        assert run(files, *options) == 0
        return Path(files['out.png']).read_bytes()

    plain = painted()
    assert painted('--seed', '0') == plain
    other, blended = painted('--seed', '3'), painted('--overlap')
    assert len({plain, other, blended}) == 3
    assert painted('--seed', '3') == other


def test_a_coarse_checkpoint_is_for_a_config(files, tmp_path, capsys):
    before = set(tmp_path.iterdir())
    assert run(files, '--coarse-checkpoint', files['slim.safetensors']) == 1
    assert '--coarse-checkpoint came without --config' in (
        capsys.readouterr().err)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize('broken, says', [
    (dict(photo='nowhere.png'), 'image nowhere.png is not there'),
    (dict(mask='empty.png'), 'mask empty.png is empty'),
    (dict(slim='nowhere.pth'), 'checkpoint nowhere.pth is not there'),
    (dict(slim='photo.png'), 'checkpoint photo.png is none'),
    (dict(slim='empty.safetensors'), 'checkpoint empty.safetensors cannot'),
    (dict(out='photo.png/out.png'), 'folder photo.png cannot be made'),
    (dict(mask='photo.png'), 'photo.png is its own mask'),
    (dict(out='mask.png'), 'mask.png would be written over'),
    (dict(out='link.png'), 'link.png would be written over'),
    (dict(out='out.txt'), 'no ending that names a kind of picture'),
])
def test_what_the_user_can_mend_is_one_sentence(files, tmp_path, monkeypatch,
                                                capsys, broken, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'empty.png').write_bytes(b'')
    (tmp_path / 'empty.safetensors').write_bytes(b'')
    (tmp_path / 'link.png').symlink_to(tmp_path / 'photo.png')
    names = dict(photo='photo.png', mask='mask.png', out='out.png',
                 slim='slim.safetensors')
    before = set(tmp_path.iterdir())
    assert run(files, **{names[k]: v for k, v in broken.items()}) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('tmad: ') and says in error
    assert set(tmp_path.iterdir()) == before  # nothing half-written


HELP = """
import contextlib, io, sys
from tmad_mmedit.cli import main
for arguments, says in (
        ([], 'usage: tmad'), (['--help'], 'usage: tmad'),
        (['inpaint', '-h'], 'usage: tmad inpaint'),
        (['--version'], 'tmad 0.')):
    sys.argv = ['/usr/bin/tmad', *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    assert not code, (arguments, code)
    assert out.getvalue().startswith(says), out.getvalue()
    loaded = {'torch', 'mmengine', 'mmedit', 'mmcv'} & set(sys.modules)
    assert not loaded, (arguments, loaded)
"""


def test_help_does_not_wait_for_torch():
    done = subprocess.run([sys.executable, '-c', HELP], text=True,
                          capture_output=True)
    assert not done.returncode, done.stderr


def test_the_package_answers_as_the_command_does(capsys):
    """Also for help it imports what reads the arguments and no more."""
    with pytest.raises(SystemExit):
        main(['--help'])
    expected = capsys.readouterr().out
    done = subprocess.run(
        [sys.executable, '-X', 'importtime', '-m', 'tmad_mmedit', '--help'],
        text=True, capture_output=True)
    imported = {line.split('|')[-1].strip().split('.')[0]
                for line in done.stderr.splitlines()}
    assert not done.returncode and done.stdout == expected
    assert 'tmad_mmedit' in imported
    assert not imported & {
        'torch', 'numpy', 'PIL', 'cv2', 'mmengine', 'mmedit', 'mmcv'}


def test_the_package_paints_as_the_command_does(files):
    """In a process of its own, which imports all that was put off."""
    assert run(files) == 0
    expected = Path(files['out.png']).read_bytes()
    Path(files['out.png']).unlink()
    done = subprocess.run(
        [sys.executable, '-m', 'tmad_mmedit', 'inpaint', files['photo.png'],
         files['mask.png'], '-o', files['out.png'], '--checkpoint',
         files['slim.safetensors']], text=True, capture_output=True)
    assert not done.returncode, done.stderr
    assert Path(files['out.png']).read_bytes() == expected


def test_ctrl_c_is_one_sentence(files, monkeypatch, capsys):
    def interrupted(args):
        raise KeyboardInterrupt

    monkeypatch.setattr('tmad_mmedit.cli.inpaint.run', interrupted)
    assert run(files) == 130
    assert 'the same command goes on' in capsys.readouterr().err
