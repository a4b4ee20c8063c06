import json
import signal
import subprocess
import sys
import time

import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.building import load_checkpoint

PHOTOS = ROOT / 'demo/photos'


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import train_shipped
    return train_shipped


@pytest.fixture
def arguments(tmp_path):
    """Of a training of seconds, into a folder of ``tmp_path``."""
    config = slim_config()
    config.default_scope = 'mmedit'
    path = tmp_path / 'slim.py'
    config.dump(path)

    def arguments(folder, *more):
        return [str(x) for x in (
            path, '--photos', PHOTOS, '--work-dir', tmp_path / folder,
            '--batch', 2, '--size', 64, '--warm-up', 2, '--iters', 6, *more)]

    return arguments


def same(one, other):
    return one.keys() == other.keys() and all(
        torch.equal(one[key], other[key]) for key in one)


def test_resumed_anywhere_it_ends_with_the_same_weights(
        tool, arguments, tmp_path, monkeypatch):
    tool.main(arguments('whole', '--val', PHOTOS, '--val-count', '2'))
    step, made = tool.Training.step, []

    def fails_in_the_fifth(training):
        if training.iteration == 4 and not made:
            made.append(training.iteration)
            raise KeyboardInterrupt
        return step(training)

    monkeypatch.setattr(tool.Training, 'step', fails_in_the_fifth)
    options = arguments('cut', '--save-every', '0')
    with pytest.raises(KeyboardInterrupt):
        tool.main(options)
    tool.main(options)
    whole, cut = (torch.load(tmp_path / name / 'latest.pth')
                  for name in ('whole', 'cut'))
    assert made == [4] and whole['iteration'] == cut['iteration'] == 6
    assert same(whole['model'], cut['model'])
    assert same(whole['average'], cut['average'])
    assert same(*(load_file(tmp_path / name / 'weights.safetensors')
                  for name in ('whole', 'cut')))
    log = (tmp_path / 'cut/vis_data/scalars.json').read_text().splitlines()
    assert [json.loads(line)['iter'] for line in log] == [6]
    last = (tmp_path / 'whole/vis_data/scalars.json').read_text()
    assert 'coarse/HolePSNR' in json.loads(last.splitlines()[-1])
    assert (tmp_path / 'whole/6.png').is_file()


def test_killed_it_goes_on(arguments, tmp_path):
    command = [sys.executable, ROOT / 'tools/train_shipped.py',
               *arguments('killed', '--save-every', '0')]
    latest = tmp_path / 'killed/latest.pth'
    process = subprocess.Popen(command, cwd=ROOT)
    while not latest.is_file() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert torch.load(latest)['iteration'] <= 6
    subprocess.run(command, cwd=ROOT, check=True)
    assert torch.load(latest)['iteration'] == 6


def test_what_it_exports_paints(tool, arguments, tmp_path, build_model):
    tool.main(arguments('run'))
    model = build_model(training=None)
    load_checkpoint(model, tmp_path / 'run/weights.safetensors')


def test_draws_depend_on_seed_and_iteration_alone(tool, arguments):
    def batches(*more):
        args = tool.read_args(arguments('run', *more))
        cfg = tool.configured(args)
        return tool.Batches(cfg.train_dataloader.dataset, 2, args.seed)

    def drawn(batches, i):
        return torch.stack(batches[i]['inputs'])

    one, other = batches(), batches()
    expected = [drawn(one, i) for i in range(4)]
    assert expected[0].shape == (2, 3, 64, 64)
    assert all(torch.equal(drawn(other, i), expected[i]) for i in (3, 0, 2))
    assert not torch.equal(drawn(batches('--seed', '1'), 0), expected[0])


def test_photographs_come_once_an_epoch(tool, arguments):
    cfg = tool.configured(tool.read_args(arguments('run')))
    batches = tool.Batches(cfg.train_dataloader.dataset, 2, 0)
    orders = [list(batches._order(epoch)) for epoch in (0, 1)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(
        range(len(batches.dataset)))


def test_options_change_the_config(tool, arguments):
    cfg = tool.configured(tool.read_args(arguments(
        'run', '--lr', '1e-4', '--set', 'model.train_cfg.seed=5')))
    crop, mask = (next(t for t in cfg.train_dataloader.dataset.pipeline
                       if t['type'] == kind) for kind in ('Crop', 'LoadMask'))
    assert cfg.train_dataloader.batch_size == 2
    assert cfg.train_cfg.max_iters == 6
    assert crop.crop_size == (96, 96)
    assert mask.mask_config.max_bbox_shape == (32, 32)
    assert cfg.model.train_cfg.seed == 5
    assert cfg.optim_wrapper.generator.optimizer.lr == pytest.approx(1e-4)
    assert cfg.optim_wrapper.disc.optimizer.lr == pytest.approx(1e-5)


def test_the_learning_rate_rises_and_falls(tool):
    slopes = [tool.slope(i, 100, 10) for i in range(100)]
    assert slopes[0] == 0.1 and slopes[9] == slopes[10] == 1
    assert slopes == slopes[:10] + sorted(slopes[10:], reverse=True)
    assert 0.02 < slopes[-1] < 0.03
