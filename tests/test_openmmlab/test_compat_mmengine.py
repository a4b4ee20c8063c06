"""Each repair of mmengine, through a run or the calls that a user makes."""
import sys
import types

import pytest
import torch
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.runner import CheckpointLoader, Runner
from safetensors.torch import save_file
from torch.utils.data import DataLoader

from tests.conftest import ROOT
from tmad_mmedit.openmmlab.host import HOST


class Counter(BaseModel):
    """Its weight is the number of iterations, or what was loaded, and they.
    """

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        # a checkpoint is larger than what else a run writes
        self.register_buffer('ballast', torch.zeros(2**17))

    def train_step(self, data, optim_wrapper):
        self.weight.data += 1
        return {}

    def forward(self):
        raise AssertionError


def count_to(iters, work_dir, **settings):
    hooks = Config.fromfile(
        ROOT / 'configs/_base_/default_runtime.py').default_hooks
    settings.setdefault('default_hooks', dict(
        in_place=hooks.in_place, resume=hooks.resume,
        separate_keys=hooks.separate_keys,
        checkpoint=dict(type='CheckpointHook', interval=2, by_epoch=False)))
    runner = Runner(
        Counter(), str(work_dir), DataLoader([0]), default_scope=HOST,
        train_cfg=dict(type='IterBasedTrainLoop', max_iters=iters),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=1.)),
        experiment_name=f'{work_dir}{iters}{settings}', **settings)
    runner.train()
    return runner.model.weight.item()


@pytest.fixture
def start(tmp_path):
    """Weights to start from, no training checkpoint."""
    torch.save(dict(state_dict=dict(weight=torch.full((1, ), 100.))),
               tmp_path / 'start.pth')
    return str(tmp_path / 'start.pth')


def test_a_run_with_load_from_resumes_what_it_has_learnt(
        start, tmp_path):
    with pytest.raises(KeyError, match='meta'):  # the fault
        count_to(2, tmp_path / 'a', load_from=start, resume=True,
                 default_hooks={})
    work_dir = tmp_path / 'run'
    assert count_to(2, work_dir, load_from=start) == 102
    checkpoint = torch.load(work_dir / 'iter_2.pth', weights_only=False)
    checkpoint['state_dict'] = dict(weight=torch.full((1, ), 50.))
    torch.save(checkpoint, work_dir / 'iter_2.pth')
    assert count_to(4, work_dir, load_from=start, resume=True) == 52
    assert any(f'Resumes from the checkpoint {work_dir}/iter_2.pth' in
               log.read_text() for log in work_dir.glob('*/*.log'))


def test_without_a_checkpoint_of_its_own_a_run_starts_from_load_from(
        start, tmp_path):
    assert count_to(2, tmp_path / 'run', load_from=start, resume=True) == 102


def test_a_load_from_in_the_work_dir_is_meant(start, tmp_path):
    work_dir = tmp_path / 'run'
    count_to(4, work_dir)
    assert count_to(6, work_dir, resume=True,
                    load_from=str(work_dir / 'iter_2.pth')) == 6
    assert 'iter_6' in (work_dir / 'last_checkpoint').read_text()


def test_a_name_is_rebound_wherever_it_is_held(monkeypatch):
    from tmad_mmedit.openmmlab.compat.rebind import rebind
    script = types.ModuleType('script')

    def paint():
        return 'upstream'

    def ours():
        """Ours."""
        return 'ours'

    script.paint = script.other = paint
    monkeypatch.setitem(sys.modules, 'script', script)
    assert rebind(paint, to=ours) is paint
    assert script.paint() == 'ours' and script.paint.__doc__ == 'Ours.'
    assert script.paint.__name__ == 'paint' and paint() == 'upstream'


def test_mmengine_reads_safetensors(tmp_path):
    weights = dict(a=torch.rand(2, 3), b=torch.arange(4))
    save_file(weights, tmp_path / 'own.safetensors')
    for place in (None, 'cpu', torch.device('cpu')):
        read = CheckpointLoader.load_checkpoint(
            str(tmp_path / 'own.safetensors'), place)
        assert read.keys() == weights.keys()
        for key, x in weights.items():
            assert torch.equal(read[key], x)
