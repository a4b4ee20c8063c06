"""When training checks what it does, and when processes exchange gradients."""
from contextlib import ExitStack, contextmanager

from mmengine.logging import MessageHub
from torch import nn


def iteration() -> int:
    """The runner's, from 0; it survives a resume."""
    return MessageHub.get_current_instance().get_info('iter', 0)


def check_is_due(interval: int) -> bool:
    """Whether values on the device are looked at, for which a GPU has to be
    waited for: in the first iteration and in the last of each interval. So the
    one before a checkpoint is checked, whose own interval is a multiple."""
    i = iteration()
    return i == 0 or (i + 1) % interval == 0


@contextmanager
def gradients_apart(model: nn.Module):
    """In it, processes do not exchange the gradients of a model's children.

    MMSeparateDistributedDataParallel's own ``no_sync`` is out of reach of the
    model in it, and yields once per child.
    """
    with ExitStack() as stack:
        for child in model.children():
            if hasattr(child, 'no_sync'):
                stack.enter_context(child.no_sync())
        yield
