"""What the benchmarks measure with: time, memory, arithmetic."""
from typing import Callable

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.benchmark import Measurement, TaskSpec, Timer, timer

from tmad_mmedit.models.ops.carafe import CARAFEPack


def interleaved(calls: dict[str, Callable], rounds: int,
                patience: float = float('inf')) -> dict[str, Measurement]:
    """How long every call takes in every round, after one round of warm-up,
    so that what else the machine does hits all alike. (torch's Timer warms up
    before each measurement; a slow model has no patience for that.)

    Args:
        calls (dict[str, Callable]): Name -> what to time.
        rounds (int): 1 or more.
        patience (float): A call that takes more seconds is made once, and
            that one counts.

    Returns:
        dict[str, Measurement]: Name -> seconds: ``median``, ``times``.
    """
    seconds = {name: [timed(call)] for name, call in calls.items()}
    quick = [name for name, (first, ) in seconds.items() if first <= patience]
    for _ in range(rounds):
        for name in quick:
            seconds[name].append(timed(calls[name]))
    return {name: measurement(name, took[1:] or took)
            for name, took in seconds.items()}


def timed(call: Callable) -> float:
    start = timer()  # with all work on a GPU done
    call()
    return timer() - start


def measurement(name: str, seconds: list[float]) -> Measurement:
    """Of calls that were timed one by one."""
    return Measurement(1, seconds, TaskSpec(
        name, setup='', num_threads=torch.get_num_threads()))


def peak_memory(call: Callable, device: str) -> int:
    """Bytes at the peak of a call: of the whole process (Linux only), or, on
    a GPU, of torch's allocator."""
    if device != 'cpu':
        torch.cuda.reset_peak_memory_stats()
        call()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated()
    with open('/proc/self/clear_refs', 'w') as file:
        file.write('5')  # resets the peak
    call()
    return process_memory('VmHWM')


def process_memory(kind: str) -> int:
    """Resident bytes of this process, now (VmRSS) or at the peak (VmHWM)."""
    with open('/proc/self/status') as file:
        line = next(line for line in file if line.startswith(kind))
    return int(line.split()[1]) * 1024


def product_rate(device: str, dtype: torch.dtype, size: int = 2048) -> float:
    """Multiply-adds a second of a square matrix product: what the machine can
    do."""
    x = torch.randn(size, size, device=device).to(dtype)
    return size**3 / Timer(
        'x @ x', globals=dict(x=x), num_threads=torch.get_num_threads()
    ).blocked_autorange(min_run_time=1).median


class MultiplyAdds(TorchDispatchMode):
    """Counts those of convolutions, matrix products and CARAFE (k x k a
    value, however it is computed), while it is entered.

    Args:
        model (nn.Module): The counted one, whose CARAFEs must be known.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.count = 0
        for module in model.modules():
            if isinstance(module, CARAFEPack):
                module.register_forward_hook(self._carafe)

    def _carafe(self, module, inputs, out) -> None:
        self.count += module.up_kernel**2 * out.numel()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name == 'convolution':
            x, weight, transposed = args[0], args[1], args[6]
            places = (x if transposed else out).numel()
            self.count += places * weight[0].numel()
        elif name in ('mm', 'bmm') and not kwargs:
            self.count += out.numel() * args[0].shape[-1]
        elif name == 'addmm':
            self.count += out.numel() * args[1].shape[-1]
        return out
