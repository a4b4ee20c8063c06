"""The commands of the plug, and the others with a config."""
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from PIL import Image

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.cli import main
from tmad_mmedit.load import load_model, read_settings
from tmad_mmedit.openmmlab.host import build


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
        dict(state_dict=build(config.model).state_dict()), paths['slim.pth'])
    return paths


def arguments(files, *options, **changes):
    files = {**files, **changes}
    return [
        'inpaint', files['photo.png'], files['mask.png'], '-o',
        files['out.png'], '--config', files['slim.py'], '--checkpoint',
        files['slim.pth'], *options
    ]


def run(files, *options, **changes):
    return main(arguments(files, *options, **changes))


def test_a_picture_is_painted_by_config_and_checkpoint(files, capsys):
    assert run(files) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(files['out.png'])
    photo, out, mask = (np.array(Image.open(files[name]))
                        for name in ('photo.png', 'out.png', 'mask.png'))
    assert np.array_equal(out[mask == 0], photo[mask == 0])
    assert not np.array_equal(out, photo)


def test_the_figure_is_drawn_by_config_and_checkpoint(files):
    assert main(['show', *arguments(files)[1:]]) == 0
    assert Image.open(files['out.png']).width == 180


def larger(files):
    """A picture of which a memory does not hold all windows."""
    photo = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:70, :90]
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    Image.fromarray(photo).save(files['photo.png'])
    Image.fromarray(mask).save(files['mask.png'])


def test_the_test_cfg_of_a_config_is_obeyed(files):
    larger(files)

    def painted(*options):
        assert run(files, *options) == 0
        return Path(files['out.png']).read_bytes()

    said = painted('--seed', '7', '--overlap')
    assert len({said, painted(), painted('--seed', '7')}) == 3
    slim_config(test_cfg=dict(seed=7, overlap=True)).dump(files['slim.py'])
    assert painted() == said


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
    (dict(slim_pth='nowhere.pth'), 'checkpoint nowhere.pth is not there'),
    (dict(out='slim.py/out.png'), 'folder slim.py cannot be made'),
    (dict(slim_py='nowhere'), 'config nowhere is not there: give a file, or'),
])
def test_what_the_user_can_mend_is_one_sentence(files, tmp_path, monkeypatch,
                                                capsys, broken, says):
    monkeypatch.chdir(tmp_path)
    names = dict(out='out.png', slim_pth='slim.pth', slim_py='slim.py')
    before = set(tmp_path.iterdir())
    assert run(files, **{names[k]: v for k, v in broken.items()}) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('tmad: ') and says in error
    assert set(tmp_path.iterdir()) == before  # nothing half-written


def test_a_config_without_shipped_weights_is_one_sentence(
        files, tmp_path, capsys):
    before = set(tmp_path.iterdir())
    assert main([*arguments(files)[:5], '--config', 'tmad_places']) == 1
    error, = capsys.readouterr().err.splitlines()
    assert error.startswith(
        'tmad: no weights are shipped for config tmad_places')
    assert set(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_the_command_registers_what_it_put_off(files):
    """As the script `tmad` runs, in a process of its own."""
    script = ('import sys\n'
              f'sys.argv = ["tmad", *{arguments(files)}]\n'
              'from tmad_mmedit.cli import main\n'
              'sys.exit(main())')
    done = subprocess.run([sys.executable, '-c', script], text=True,
                          stderr=subprocess.PIPE)
    assert not done.returncode, done.stderr
    assert Path(files['out.png']).is_file()


def test_pickled_code_is_refused_until_trusted_or_exported(
        files, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    weights = torch.load('slim.pth')['state_dict']
    torch.save(dict(state_dict=weights, hub=Code()), 'slim.pth')
    assert run(files) == 1
    assert 'tmad export' in capsys.readouterr().err
    assert not Path('ran').exists() and not Path('out.png').exists()
    assert main(['export', 'slim.pth', '-o', 'slim.pth', '--half']) == 0
    assert Path('ran').exists()
    assert run(files) == 0


def test_an_export_with_its_config_paints_by_itself(files, tmp_path, capsys):
    out = tmp_path / 'own.safetensors'
    assert main(['export', files['slim.pth'], '-o', str(out), '--config',
                 files['slim.py']]) == 0
    assert capsys.readouterr().out == (
        f'exported {files["slim.pth"]} into {out}\n')
    assert run(files) == 0
    expected = Path(files['out.png']).read_bytes()
    assert main([*arguments(files)[:5], '--checkpoint', str(out)]) == 0
    assert Path(files['out.png']).read_bytes() == expected
    assert load_model(out).patch_size == 16
    # without one, it is weights only, and says so
    assert main(['export', files['slim.pth'], '-o', str(out)]) == 0
    assert read_settings(out) is None
    capsys.readouterr()
    assert main([*arguments(files)[:5], '--checkpoint', str(out)]) == 1
    assert 'has no settings: write one with `tmad export' in (
        capsys.readouterr().err)


def test_an_export_that_cannot_be_is_one_sentence(files, tmp_path, capsys):
    for options in (['-o', 'own.bin'],
                    ['-o', str(tmp_path / 'own.pth'), '--config',
                     files['slim.py']],
                    ['-o', str(tmp_path / 'own.safetensors'), '--config',
                     'gl_psnet_places']):
        assert main(['export', files['slim.pth'], *options]) == 1
        error, = capsys.readouterr().err.splitlines()
        assert error.startswith('tmad: ')
    assert not list(tmp_path.glob('own.*'))


@pytest.mark.parametrize('name, file', [
    ('tmad_demo', 'tmad_demo.py'), ('k1', 'ablations/k1.py'),
    ('ablations/mask-64', 'ablations/mask-64.py'),
    ('gl_psnet_places', 'gl_psnet_places.py'),
    ('deepfillv2_coherent', 'comparisons/deepfillv2_coherent.py'),
])
def test_a_shipped_config_is_copied_so_that_it_works(
        tmp_path, capsys, name, file):
    assert main(['configs']) == 0
    assert file[:-3] in capsys.readouterr().out.split()
    assert main(['configs', name, '-o', str(tmp_path)]) == 0
    model = Config.fromfile(tmp_path / file).model
    assert model.get('psnet') or model.get('correspondence')


def test_a_config_that_is_not_shipped_is_one_sentence(tmp_path, capsys):
    for name in ('nowhere', 'ablations/tmad_demo'):
        assert main(['configs', name, '-o', str(tmp_path)]) == 1
        error = capsys.readouterr().err
        assert f'config {name} is not there' in error and 'k1' in error
    assert not list(tmp_path.iterdir())
