import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmedit.utils import register_all_modules
from mmengine.model import MMSeparateDistributedDataParallel

from tests.conftest import slim_config
from tmad_mmedit.engine import GroupedOptimWrapperConstructor

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
        samples.append(EditDataSample(gt_img=gt_img, mask=mask))
    return inputs, samples


def weights_after_a_step(own: slice, distributed: bool):
    """One joint step. All 4 cells of 16 pixels and all 9 windows of an image
    are taken, so that the draws change only their order."""
    register_all_modules()
    torch.manual_seed(0)
    config = slim_config(
        retriever=dict(memory_size=9),
        train_cfg=dict(patches_per_image=4))
    model = MODELS.build(config.model)
    trained = model
    if distributed:
        trained = MMSeparateDistributedDataParallel(model)
    config.optim_wrapper.pop('constructor')
    for group in config.optim_wrapper.values():
        group['optimizer'] = dict(type='SGD', lr=0.1)  # steps are gradients
    wrapper = GroupedOptimWrapperConstructor(config.optim_wrapper)(trained)
    inputs, samples = images()
    trained.train_step(
        dict(inputs=inputs[own], data_samples=samples[own]), wrapper)
    return {
        name.replace('.module.', '.'): parameter.detach().clone()
        for name, parameter in model.named_parameters()
    }


def worker(rank, path):
    dist.init_process_group(
        'gloo', init_method=f'file://{path}/store', rank=rank, world_size=2)
    torch.set_num_threads(1)
    weights = weights_after_a_step(slice(rank, rank + 1), distributed=True)
    torch.save(weights, path / f'{rank}.pth')
    dist.destroy_process_group()


def test_two_processes_step_like_one_with_the_joined_batch(tmp_path):
    mp.spawn(worker, (tmp_path, ), nprocs=2)
    first, second = (torch.load(tmp_path / f'{rank}.pth') for rank in (0, 1))
    joined = weights_after_a_step(slice(0, 2), distributed=False)
    alone = weights_after_a_step(slice(0, 1), distributed=False)
    assert first.keys() == joined.keys()
    for name, weight in joined.items():
        assert torch.equal(first[name], second[name]), name
        assert torch.allclose(first[name], weight, atol=1e-6), name
    # the halves of the batch do differ
    assert any(not torch.allclose(alone[name], weight, atol=1e-6)
               for name, weight in joined.items())
