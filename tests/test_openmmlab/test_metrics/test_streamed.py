import os

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from mmengine.dataset import DefaultSampler
from torch.utils.data import DataLoader

from tests.test_openmmlab.test_metrics.test_of_sets import samples
from tmad_mmedit.openmmlab.metrics import InpaintingSWD

COUNT = 5  # two processes get three each


def distance():
    """As the test loop finds it, two samples a batch."""
    data = list(samples(0.5, COUNT))
    loader = DataLoader(data, 2, sampler=DefaultSampler(data, shuffle=False),
                        collate_fn=list)
    metric = InpaintingSWD(image_shape=(3, 64, 64), max_patches=300)
    metric.prepare(torch.nn.Identity(), loader)
    for batch in loader:
        metric.process(None, batch)
    return metric.evaluate()


def worker(rank, path):
    dist.init_process_group(
        'gloo', init_method=f'file://{path}/store', rank=rank, world_size=2)
    torch.set_num_threads(1)
    os.chdir(path)  # mmengine leaves a folder
    torch.save(distance(), path / f'{rank}.pth')
    dist.barrier()
    # torch 2.0 may wait for ever in ProcessGroupGloo's destructor
    os._exit(0)


@pytest.mark.slow
def test_two_processes_find_what_one_finds(tmp_path):
    mp.spawn(worker, (tmp_path, ), nprocs=2)
    found = [torch.load(tmp_path / f'{rank}.pth', weights_only=False)
             for rank in (0, 1)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in each; the last digit depends on it
    try:
        assert found == [distance()] * 2
    finally:
        torch.set_num_threads(threads)
