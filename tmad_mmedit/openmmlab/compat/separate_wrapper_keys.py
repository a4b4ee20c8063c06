
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.registry import HOOKS
from mmengine.runner import Runner
from torch import Tensor, nn


@HOOKS.register_module()
class SeparateWrapperSavesKeysItDoesNotLoad(Hook):
    """mmengine 0.10.7: where several processes train, checkpoints have keys
    like ``psnet.module.conv``, with the wrapper of a child in them, which
    mmengine then does not find when it loads them, wrapped or not.

    They are saved as by one process, ``psnet.conv``.
    """

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        if is_model_wrapper(runner.model):
            checkpoint['state_dict'] = without_wrappers(
                runner.model.module, checkpoint['state_dict'])


def without_wrappers(model: nn.Module,
                     state_dict: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state dict without the wrappers of the model's children in it."""
    wrapped = {name for name, child in model.named_children()
               if is_model_wrapper(child)}

    def plain(key: str) -> str:
        child, _, rest = key.partition('.module.')
        return f'{child}.{rest}' if child in wrapped else key

    return {plain(key): tensor for key, tensor in state_dict.items()}
