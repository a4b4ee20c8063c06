from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.optim import OptimWrapper
from mmengine.registry import OPTIM_WRAPPERS
from mmengine.runner.amp import autocast
from torch import nn


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Mixed precision on any device.

    MMEngine's ``AmpOptimWrapper`` scales losses on GPUs and refuses a CPU.
    bfloat16 has the range of single precision, so there is nothing to scale.
    It pays where the processor multiplies in bfloat16 (on CPUs AVX-512 BF16 or
    AMX); where it does not, training is slower.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        with super().optim_context(model), autocast(dtype=torch.bfloat16):
            yield
