"""The whole way a user goes, through `mim`, on the project's photographs."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DATASETS
from mmengine.runner import CheckpointLoader
from PIL import Image

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.cli import main
from tmad_mmedit.openmmlab.host import HOST

pytestmark = pytest.mark.slow
PHOTO, MASK = 'demo/photos/coffee.jpg', 'demo/masks/coffee.png'
ENV = dict(os.environ, PATH=os.pathsep.join(
    [os.path.dirname(sys.executable), os.environ['PATH']]))


def run(*command, ok=True):
    done = subprocess.run(
        command, cwd=ROOT, env=ENV, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert (done.returncode == 0) == ok, done.stdout[-3000:]
    return done.stdout


def train(config, work_dir, *options, gpus='0', launcher='none', ok=True):
    return run('mim', 'train', HOST, str(config), '--launcher', launcher,
               '--gpus', gpus, '--work-dir', str(work_dir), *options, ok=ok)


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    """The demo's config: 2 iterations of the coarse stage, 2 of all."""
    path = tmp_path_factory.mktemp('config') / 'slim.py'
    slim = slim_config(train_cfg=dict(pretrain_iters=2))
    slim.merge_from_dict(
        dict(
            train_cfg=dict(max_iters=4, val_interval=4),
            param_scheduler=dict(periods=[2, 2]),
            default_hooks=dict(
                logger=dict(interval=1), checkpoint=dict(interval=2))))
    slim.dump(path)
    return path


@pytest.fixture(scope='module')
def trained(config, tmp_path_factory):
    """The work dir of a whole run, and what it printed."""
    work_dir = tmp_path_factory.mktemp('whole')
    return work_dir, train(config, work_dir)


def weights(path):
    return CheckpointLoader.load_checkpoint(str(path), 'cpu')['state_dict']


def test_training_goes_from_the_coarse_stage_to_all(trained):
    work_dir, log = trained
    steps = dict(re.findall(r'Iter\(train\) \[(\d)/4\](.*)', log))
    assert 'loss_coarse_hole' in steps['2'] and 'loss_patch' not in steps['2']
    for name in ('coarse_hole', 'patch_l1', 'patch_dist', 'blend_tv',
                 'disc_patch', 'disc_image'):
        assert f'loss_{name}' in steps['3'], name
    validated = re.findall(r'Iter\(val\) (.*SSIM.*)', log)[-1]
    for name in ('MAE', 'PSNR', 'SSIM'):
        assert re.search(f' {name}: [\\d.]+ ', validated)
        assert re.search(f' coarse/{name}: [\\d.]+ ', validated)
    pictures = list(work_dir.glob('*/vis_data/vis_image/*'))
    assert len(pictures) == len(list((ROOT / 'demo/photos').iterdir()))
    assert np.array(Image.open(pictures[0])).shape == (128, 4 * 128, 3)


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
        trained, config, tmp_path):
    work_dir, _ = trained
    # all that a run killed in its third iteration leaves behind
    shutil.copy(work_dir / 'iter_2.pth', tmp_path)
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'iter_2.pth'))
    log = train(config, tmp_path, '--resume', '--cfg-options',
                f'load_from={work_dir}/iter_4.pth')
    assert 'Iter(train) [3/4]' in log and 'Iter(train) [2/4]' not in log
    assert f'Resumes from the checkpoint {tmp_path}/iter_2.pth' in log
    whole, resumed = (
        CheckpointLoader.load_checkpoint(str(folder / 'iter_4.pth'), 'cpu')
        for folder in (work_dir, tmp_path))
    for name, weight in whole['state_dict'].items():
        assert torch.equal(weight, resumed['state_dict'][name]), name
    for group in ('generator', 'disc'):
        assert (whole['optimizer'][group]['param_groups'][0]['lr'] ==
                resumed['optimizer'][group]['param_groups'][0]['lr'])


@pytest.fixture(scope='module')
def tested(trained, config, tmp_path_factory):
    """The metrics that two runs of `mim test` printed."""
    return [
        re.findall(r'Iter\(test\).*( MAE: .*HoleSWD/avg: [\d.]+)',
                   run('mim', 'test', HOST, str(config), '--checkpoint',
                       str(trained[0] / 'iter_4.pth'), '--launcher', 'none',
                       '--gpus', '0', '--work-dir',
                       str(tmp_path_factory.mktemp('test'))))[-1]
        for _ in range(2)
    ]


def test_tested_twice_the_metrics_are_the_same(tested):
    assert tested[0] == tested[1]
    for name in ('PSNR', 'SSIM', 'HolePSNR', 'TVRatio'):
        assert re.search(f' {name}: [\\d.]+ ', tested[0])


def test_the_evaluator_finds_what_mim_test_prints(trained, tested, config,
                                                  tmp_path):
    printed = {name: float(value) for name, value in
               re.findall(r' ([\w/]+): ([\d.]+)', tested[0])}
    (tmp_path / 'masks').mkdir()
    for data in DATASETS.build(
            Config.fromfile(config).test_dataloader.dataset):
        sample = data['data_samples']
        Image.fromarray(sample.mask[0].numpy().astype(np.uint8) * 255).save(
            tmp_path / f'masks/{Path(sample.gt_path).stem}.png')
    assert main([
        'evaluate', str(ROOT / 'demo/photos'), f'{tmp_path}/masks', '-o',
        f'{tmp_path}/out', '--crop', '256', '--trust-checkpoint',
        '--methods', f'tmad={config},{trained[0]}/iter_4.pth'
    ]) == 0
    found = json.loads((tmp_path / 'out/results.json').read_text())
    for row, prefix in (('tmad', ''), ('tmad coarse', 'coarse/')):
        means = found['summary']['all']['means'][row]
        for ours, name in (('l1 % hole', 'MAE'), ('PSNR whole', 'PSNR'),
                           ('SSIM whole', 'SSIM'), ('PSNR hole', 'HolePSNR'),
                           ('TV ratio hole', 'TVRatio')):
            # ours are of pixels rounded to 8 bits
            assert means[ours][0] == pytest.approx(
                printed[prefix + name], rel=2e-3), name


def test_the_trained_model_inpaints_a_photograph(trained, config, tmp_path):
    out = tmp_path / 'out.png'
    run('tmad', 'inpaint', PHOTO, MASK, '-o', str(out), '--config',
        str(config), '--checkpoint', str(trained[0] / 'iter_4.pth'),
        '--trust-checkpoint')
    photo, mask, painted = (np.array(Image.open(path)) for path in
                            (ROOT / PHOTO, ROOT / MASK, out))
    assert np.array_equal(painted[mask < 128], photo[mask < 128])
    assert not np.array_equal(painted, photo)


def test_two_processes_resume_through_the_launcher(trained, config, tmp_path):
    shutil.copy(trained[0] / 'iter_2.pth', tmp_path)
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'iter_2.pth'))
    log = train(config, tmp_path, '--resume', launcher='pytorch', gpus='2')
    assert 'Distributed launcher: pytorch' in log
    assert 'Iter(train) [2/4]' not in log and 'Iter(train) [4/4]' in log
    assert set(weights(tmp_path / 'iter_4.pth')) == set(
        weights(trained[0] / 'iter_4.pth'))


@pytest.mark.parametrize('option, says', [
    ('train_dataloader.dataset.data_root=/nowhere', 'set data_root'),
    ('model.retriever.top_k=99', 'choose 1 <= top_k <= memory_size'),
    ('load_from=/nowhere.pth', '/nowhere.pth can not be found'),
])
def test_bad_settings_end_with_one_sentence(config, tmp_path, option, says):
    log = train(config, tmp_path, '--cfg-options', option, ok=False)
    assert says in log
    assert not list(tmp_path.glob('*.pth'))
