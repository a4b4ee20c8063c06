import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmedit.registry import MODELS
from PIL import Image

from tests.conftest import ROOT, slim_config
from tmad_mmedit.cli import main


@pytest.fixture
def files(tmp_path):
    """A picture, a mask, a config and a checkpoint, as paths."""
    config = slim_config()
    paths = {
        name: str(tmp_path / name)
        for name in ('photo.png', 'mask.png', 'slim.py', 'slim.pth', 'out.png')
    }
    photo = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:40, :60]
    mask = np.zeros((40, 60), np.uint8)
    mask[10:20, 10:40] = 255
    Image.fromarray(photo).save(paths['photo.png'])
    Image.fromarray(mask).save(paths['mask.png'])
    config.dump(paths['slim.py'])
    torch.save(
        dict(state_dict=MODELS.build(config.model).state_dict()),
        paths['slim.pth'])
    return paths


def run(files, *options, **changes):
    files = {**files, **changes}
    return main([
        'inpaint', files['photo.png'], files['mask.png'], '-o',
        files['out.png'], '--config', files['slim.py'], '--checkpoint',
        files['slim.pth'], *options
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


def test_a_frozen_coarse_stage_brings_its_own_weights(
        files, tmp_path, capsys):
    assert run(files) == 0
    expected = np.array(Image.open(files['out.png']))
    slim_config(coarse_cfg=dict(
        frozen=True, checkpoint='http://127.0.0.1:9/own.pth')).dump(
            files['slim.py'])
    inpaintor = 'coarse.inpaintor.'
    weights = torch.load(files['slim.pth'])['state_dict']
    own = {key[len(inpaintor):]: x for key, x in weights.items()
           if key.startswith(inpaintor)}
    torch.save(own, tmp_path / 'own.pth')
    torch.save({key: x for key, x in weights.items()
                if not key.startswith(inpaintor)}, files['slim.pth'])
    option = '--coarse-checkpoint', str(tmp_path / 'own.pth')
    assert run(files, *option) == 0
    assert np.array_equal(np.array(Image.open(files['out.png'])), expected)
    assert run(files) == 1
    assert 'own.pth, is not to be had' in capsys.readouterr().err


class Code:
    """Pickled, it opens a file."""

    def __reduce__(self):
        return open, ('ran', 'w')


def test_weights_of_the_coarse_stage_need_trust_too(
        files, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    torch.save(dict(state_dict={}, hub=Code()), 'own.pth')
    assert run(files, '--coarse-checkpoint', 'own.pth') == 1
    assert 'own.pth holds pickled code' in capsys.readouterr().err
    assert not Path('ran').exists()
    run(files, '--coarse-checkpoint', 'own.pth', '--trust-checkpoint')
    assert Path('ran').exists()


@pytest.mark.parametrize('broken, says', [
    (dict(photo='nowhere.png'), 'image nowhere.png is not there'),
    (dict(mask='empty.png'), 'cannot be read'),
    (dict(slim_pth='nowhere.pth'), 'checkpoint nowhere.pth is not there'),
    (dict(out='slim.py/out.png'), 'folder slim.py cannot be made'),
    (dict(mask='photo.png'), 'photo.png is its own mask'),
    (dict(out='mask.png'), 'mask.png would be written over'),
    (dict(out='link.png'), 'link.png would be written over'),
    (dict(out='out.txt'), 'no ending that names a kind of picture'),
])
def test_what_the_user_can_mend_is_one_sentence(files, tmp_path, monkeypatch,
                                                capsys, broken, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'empty.png').write_bytes(b'')
    (tmp_path / 'link.png').symlink_to(tmp_path / 'photo.png')
    names = dict(photo='photo.png', mask='mask.png', out='out.png',
                 slim_pth='slim.pth')
    before = set(tmp_path.iterdir())
    assert run(files, **{names[k]: v for k, v in broken.items()}) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('tmad: ') and says in error
    assert set(tmp_path.iterdir()) == before  # nothing half-written


@pytest.mark.parametrize('arguments, says', [
    ([], 'usage: tmad'), (['--help'], 'usage: tmad'),
    (['inpaint', '-h'], 'usage: tmad inpaint'), (['--version'], 'tmad 0.')])
def test_help_does_not_wait_for_torch(arguments, says):
    script = ('import sys\n'
              f'sys.argv = ["/usr/bin/tmad", *{arguments}]\n'
              'from tmad_mmedit.cli import main\n'
              'try:\n    code = main()\n'
              'except SystemExit as end:\n    code = end.code\n'
              'assert not code, code\n'
              'assert not {"torch", "mmedit", "mmcv"} & set(sys.modules)\n')
    done = subprocess.run([sys.executable, '-c', script], text=True,
                          capture_output=True)
    assert not done.returncode, done.stderr
    assert done.stdout.startswith(says)


def test_the_command_registers_what_it_put_off(files):
    """As the script `tmad` runs, in a process of its own."""
    arguments = ['inpaint', files['photo.png'], files['mask.png'], '-o',
                 files['out.png'], '--config', files['slim.py'],
                 '--checkpoint', files['slim.pth']]
    script = ('import sys\n'
              f'sys.argv = ["tmad", *{arguments}]\n'
              'from tmad_mmedit.cli import main\n'
              'sys.exit(main())')
    done = subprocess.run([sys.executable, '-c', script], text=True,
                          stderr=subprocess.PIPE)
    assert not done.returncode, done.stderr


def test_ctrl_c_is_one_sentence(files, monkeypatch, capsys):
    def interrupted(args):
        raise KeyboardInterrupt

    monkeypatch.setattr('tmad_mmedit.cli.inpaint.run', interrupted)
    assert run(files) == 130
    assert 'the same command goes on' in capsys.readouterr().err
