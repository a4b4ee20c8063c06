"""Killed at any moment: nothing is half-written, and the next run goes on.

A process dies in the middle of a write where the system lets no file grow
beyond a size, and anywhere by SIGKILL after a time.
"""
import multiprocessing
import os
import resource
import signal
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.registry import MODELS
from PIL import Image

from tests.test_openmmlab.conftest import slim_config
from tests.test_openmmlab.test_compat_mmengine import count_to
from tmad_mmedit.cli import main
from tmad_mmedit.files.atomic import PART
from tmad_mmedit.openmmlab.host import register_all_modules

pytestmark = pytest.mark.slow
PROCESSES = multiprocessing.get_context('forkserver')  # imports only once
PROCESSES.set_forkserver_preload([__name__])
COUNT = 12


def killed(work, *args, seconds=None, largest_file=None):
    """Whether the work was, and did not end before."""
    process = PROCESSES.Process(target=limited,
                                args=(largest_file, work, *args))
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL, -signal.SIGXFSZ)
    return process.exitcode != 0


def limited(largest_file, work, *args):
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    if largest_file is not None:
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, ) * 2)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    register_all_modules()
    work(*args)


def seen(folder):
    """Names of what is there, but for the parts that are hidden."""
    return {x.name for x in folder.iterdir() if not x.name.startswith(PART)}


@pytest.fixture
def folder(tmp_path):
    """A small model, and pictures that are larger from one to the next."""
    config = slim_config()
    config.dump(str(tmp_path / 'slim.py'))
    torch.save(MODELS.build(config.model).state_dict(), tmp_path / 'slim.pth')
    for name in ('photos', 'masks'):
        (tmp_path / name).mkdir()
    for i in range(COUNT):
        noise = np.random.default_rng(i).integers(
            256, size=(90, 90 + 4 * i, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / f'photos/{i:02}.png')
        hole = np.zeros(noise.shape[:2], bool)
        hole[10:20, 10:30] = True
        Image.fromarray(hole).save(tmp_path / f'masks/{i:02}.png')
    return tmp_path


def inpaint(folder, out):
    return main(['inpaint', f'{folder}/photos', f'{folder}/masks', '-o',
                 f'{folder}/{out}', '--save-coarse', '--config',
                 f'{folder}/slim.py', '--checkpoint', f'{folder}/slim.pth'])


def finished(folder, out):
    """How many results are there; each file is what it is to be."""
    names = seen(folder / out) if (folder / out).is_dir() else set()
    for name in names:
        assert (folder / out / name).read_bytes() == (
            folder / 'whole' / name).read_bytes(), name
    results = {x for x in names if '_coarse' not in x}
    assert {x.replace('.', '_coarse.') for x in results} <= names
    return len(results)


def test_a_folder(folder):
    assert inpaint(folder, 'whole') == 0
    sizes = [x.stat().st_size for x in sorted((folder / 'whole').iterdir())]
    assert killed(inpaint, folder, 'out', largest_file=sizes[COUNT])
    done = finished(folder, 'out')
    assert 0 < done < COUNT
    for seconds in (0.5, 0.7, 0.9):
        killed(inpaint, folder, 'out', seconds=seconds)
        assert finished(folder, 'out') >= done
        done = finished(folder, 'out')
    assert not killed(inpaint, folder, 'out')
    assert finished(folder, 'out') == COUNT


def export(folder, out):
    return main(['export', f'{folder}/slim.pth', '-o', f'{folder}/{out}'])


@pytest.mark.parametrize('out', ['own.safetensors', 'own.pth'])
def test_an_export(folder, out):
    before = seen(folder)
    half = (folder / 'slim.pth').stat().st_size // 2
    assert killed(export, folder, out, largest_file=half)
    assert seen(folder) == before
    assert not killed(export, folder, out)
    whole = (folder / out).read_bytes()
    assert killed(export, folder, out, largest_file=half)
    assert (folder / out).read_bytes() == whole


def checkpoints(work_dir):
    """Their names; each can be read, and the last is one of them."""
    found = sorted(x for x in seen(work_dir) if x.endswith('.pth'))
    for name in found:
        checkpoint = torch.load(work_dir / name, weights_only=False)
        assert checkpoint['state_dict']
    assert Path((work_dir / 'last_checkpoint').read_text()).name in found
    return found


def test_a_training(tmp_path):
    assert count_to(2, tmp_path) == 2
    half = (tmp_path / 'iter_2.pth').stat().st_size // 2
    resumed = partial(count_to, 4, tmp_path, resume=True)
    assert killed(resumed, largest_file=half)
    assert checkpoints(tmp_path) == ['iter_2.pth']
    assert resumed() == 4
    assert checkpoints(tmp_path) == ['iter_2.pth', 'iter_4.pth']


def test_a_training_whose_last_checkpoint_names_none(tmp_path):
    """mmengine empties this file before it writes it."""
    assert count_to(2, tmp_path) == 2
    for text, iters in ('', 4), (f'{tmp_path}/iter_9.pth', 6):
        (tmp_path / 'last_checkpoint').write_text(text)
        assert count_to(iters, tmp_path, resume=True) == iters
    said = ''.join(log.read_text() for log in tmp_path.glob('*/*.log'))
    for last in 2, 4:
        assert f'resumes from {tmp_path}/iter_{last}.pth' in said
