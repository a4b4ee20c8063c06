import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from mmengine.model import MMSeparateDistributedDataParallel
from mmengine.registry import MODELS

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor
from tmad_mmedit.openmmlab.host import DataSample, register_all_modules

pytestmark = pytest.mark.slow
SIZE, HOLE = 32, 14


def images():
    generator = torch.Generator().manual_seed(2)
    inputs, samples = [], []
    for corner in (2, 12):
        gt_img = torch.randint(
            256, (3, SIZE, SIZE), generator=generator).float()
        mask = torch.zeros(1, SIZE, SIZE)
        mask[:, corner:corner + HOLE, corner:corner + HOLE] = 1
        inputs.append(gt_img * (1 - mask) + 127.5 * mask)
        samples.append(DataSample(gt_img=gt_img, mask=mask))
    return inputs, samples


def trained(own: slice, distributed: bool, batches: int = 1, **changes):
    """Weights after a joint step and the gradients before its last batch, of
    ``batches`` that are accumulated. All 4 cells of 16 pixels and all 9
    windows of an image are taken, so that the draws change only their order.
    """
    register_all_modules()
    torch.manual_seed(0)
    config = slim_config(
        retriever=dict(memory_size=9),
        train_cfg=dict(patches_per_image=4),
        **changes)
    model = MODELS.build(config.model)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    wrapped = model
    if distributed:
        wrapped = MMSeparateDistributedDataParallel(model)
    config.optim_wrapper.pop('constructor')
    for group in config.optim_wrapper.values():
        group['optimizer'] = dict(type='SGD', lr=0.1)  # steps are gradients
        group['accumulative_counts'] = batches
    wrapper = GroupedOptimWrapperConstructor(config.optim_wrapper)(wrapped)
    gradients = {}
    for _ in range(batches):
        gradients = {
            name.replace('.module.', '.'): p.grad.clone()
            for name, p in model.named_parameters() if p.grad is not None
        }
        inputs, samples = images()
        wrapped.train_step(
            dict(inputs=inputs[own], data_samples=samples[own]), wrapper)
    weights = {
        name.replace('.module.', '.'): p.detach().clone()
        for name, p in model.named_parameters()
    }
    assert weights.keys() == before.keys()
    return weights, gradients, before


def worker(rank, path, batches, changes):
    dist.init_process_group(
        'gloo', init_method=f'file://{path}/store', rank=rank, world_size=2)
    torch.set_num_threads(1)
    done = trained(slice(rank, rank + 1), True, batches, **changes)
    torch.save(done, path / f'{rank}.pth')
    dist.destroy_process_group()


def two_processes(path, batches=1, **changes):
    """What :func:`trained` gives in each, with an image for each."""
    mp.spawn(worker, (path, batches, changes), nprocs=2)
    return (torch.load(path / f'{rank}.pth') for rank in (0, 1))


FROZEN = dict(coarse_cfg=dict(frozen=True))


@pytest.mark.parametrize('changes', [dict(), FROZEN], ids=['joint', 'frozen'])
def test_two_processes_step_like_one_with_the_joined_batch(tmp_path, changes):
    (first, _, before), (second, _, _) = two_processes(tmp_path, **changes)
    joined, *_ = trained(slice(0, 2), False, **changes)
    alone, *_ = trained(slice(0, 1), False, **changes)
    assert first.keys() == joined.keys()
    for name, weight in joined.items():
        assert torch.equal(first[name], second[name]), name
        assert torch.allclose(first[name], weight, atol=1e-6), name
        stays = changes == FROZEN and name.startswith('coarse.')
        assert stays == torch.equal(weight, before[name]), name
    # the halves of the batch do differ
    assert any(not torch.allclose(alone[name], weight, atol=1e-6)
               for name, weight in joined.items())


def test_processes_accumulate_apart_and_step_together(tmp_path):
    first, second = two_processes(tmp_path, batches=2)
    joined, *_ = trained(slice(0, 2), False, batches=2)
    for name, weight in joined.items():
        assert torch.equal(first[0][name], second[0][name]), name
        assert torch.allclose(first[0][name], weight, atol=1e-6), name
    for part in ('coarse.', 'retriever.', 'psnet.', 'patch_disc.',
                 'image_disc.'):
        assert any(not torch.equal(gradient, second[1][name])
                   for name, gradient in first[1].items()
                   if name.startswith(part)), part
