from typing import Dict

from mmengine.model import MMSeparateDistributedDataParallel
from torch import Tensor, nn


def separate_wrapper_saves_keys_it_does_not_load() -> None:
    """mmengine 0.10.7: where several processes train, checkpoints have keys
    like ``psnet.module.conv``, with the wrapper of a child in them, which
    mmengine then does not find when it loads them, wrapped or not.

    They are saved as by one process, ``psnet.conv``.
    """
    upstream = MMSeparateDistributedDataParallel.__init__

    def __init__(self, module: nn.Module, *args, **kwargs) -> None:
        upstream(self, module, *args, **kwargs)
        module._register_state_dict_hook(without_wrappers)

    MMSeparateDistributedDataParallel.__init__ = __init__


def without_wrappers(model: nn.Module, state_dict: Dict[str, Tensor],
                     prefix: str, _: dict) -> None:
    """Drop the wrappers of a model's children from the keys, in place."""
    for name, _ in model.named_children():
        wrapped = f'{prefix}{name}.module.'
        for key in [key for key in state_dict if key.startswith(wrapped)]:
            plain = f'{prefix}{name}.{key[len(wrapped):]}'
            state_dict[plain] = state_dict.pop(key)
