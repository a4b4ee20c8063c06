"""A GPU runs behind the process that feeds it, as long as that asks for no
value. Here is counted how often a training step does."""
import pytest
import torch
from mmengine.logging import MessageHub
from mmengine.registry import MODELS
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor

READS = {'_local_scalar_dense', 'nonzero', 'masked_select', 'equal',
         '_unique2', 'unique_consecutive', 'unique_dim'}
METHODS = {'item', 'tolist', 'numpy', 'cpu', '__bool__', '__float__',
           '__int__', '__index__'}


class Waits(TorchDispatchMode):
    """Notes the operations whose result a process has to wait for."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        by_bool = name in ('index', 'index_put', 'index_put_') and any(
            x is not None and x.dtype in (torch.bool, torch.uint8)
            for x in args[1])
        if name in READS or by_bool:
            self.seen.append(name)
        return func(*args, **(kwargs or {}))


class Reads(TorchFunctionMode):
    """Notes the methods that read a tensor in place, past any operation."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, '__name__', '')
        if name in METHODS:
            self.seen.append(name)
        return func(*args, **(kwargs or {}))


def steps_of(device='cpu', **changes):
    """A model's training step of two images with 20 x 22 holes."""
    model = MODELS.build(slim_config(**changes).model).to(device)
    config = slim_config().optim_wrapper
    config.pop('constructor')
    for group in config.values():
        group['optimizer'] = dict(type='SGD', lr=1e-3)  # Adam reads its steps
    wrapper = GroupedOptimWrapperConstructor(config)(model)
    img = torch.rand(2, 3, 64, 48, device=device) * 2 - 1
    mask = torch.zeros(2, 1, 64, 48, device=device)
    mask[0, :, 10:30, 4:26] = mask[1, :, 30:50, 20:42] = 1
    model.data_preprocessor.forward = lambda *_: dict(
        inputs=img * (1 - mask), data_samples=Sample())

    class Sample:
        gt_img = img

    Sample.mask = mask
    return lambda: model.train_step(None, wrapper)


CHANGES = pytest.mark.parametrize('changes', [
    dict(),
    dict(train_cfg=dict(pretrain_iters=1000)),
    dict(train_cfg=dict(coarse_pixels=32 * 24)),
    dict(training=dict(loss_patch_dist=dict(relativistic=False))),
    dict(retriever=dict(mode='weighted_sum'), psnet=dict(num_textures=1)),
], ids=['joint', 'coarse', 'reduced', 'plain GAN', 'W-Sum'])


@CHANGES
def test_a_step_waits_for_nothing(changes):
    step = steps_of(**changes)
    MessageHub.get_current_instance().update_info('iter', 11)
    with Reads() as reads, Waits() as waits:
        step()
    assert not waits.seen and not reads.seen


def test_waiting_is_noticed():
    """The first step and each tenth check values."""
    step = steps_of()
    for iteration in (0, 9, 19):
        MessageHub.get_current_instance().update_info('iter', iteration)
        with Reads() as reads, Waits() as waits:
            step()
        assert '_local_scalar_dense' in waits.seen and 'tolist' in reads.seen


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason='no GPU here')
@CHANGES
def test_a_gpu_is_not_waited_for(changes):
    step = steps_of('cuda', **changes)
    for _ in range(2):
        step()  # the first steps set libraries up
    MessageHub.get_current_instance().update_info('iter', 11)
    torch.cuda.set_sync_debug_mode('error')
    try:
        step()
    finally:
        torch.cuda.set_sync_debug_mode('default')
