import mmengine.dist.utils
import torch


def pytorch_launcher_without_gpu() -> None:
    """mmengine 0.10.7: ``--launcher pytorch`` asks CUDA for a device on every
    machine, so that without a GPU it stops with "Found no NVIDIA driver".

    Processes on CPUs meet through gloo, whatever backend the config names.
    """
    def init_on_cpu(backend: str, init_backend: str = 'torch', **kwargs):
        torch.distributed.init_process_group(backend='gloo', **kwargs)

    mmengine.dist.utils._init_dist_pytorch = init_on_cpu
