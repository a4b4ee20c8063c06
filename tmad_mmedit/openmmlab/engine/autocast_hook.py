from typing import Optional

import torch
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner
from mmengine.runner.amp import autocast


@HOOKS.register_module()
class AutocastHook(Hook):
    """bfloat16 for models whose training step knows nothing of it.

    MMEditing's one- and two-stage inpaintors call their optimizers directly
    and never enter ``optim_context``, where an optimizer wrapper would switch
    to mixed precision. This hook does it around the whole step.
    """

    def before_train_iter(self,
                          runner: Runner,
                          batch_idx: int,
                          data_batch: Optional[dict] = None) -> None:
        self._context = autocast(dtype=torch.bfloat16)
        self._context.__enter__()

    def after_train_iter(self,
                         runner: Runner,
                         batch_idx: int,
                         data_batch: Optional[dict] = None,
                         outputs: Optional[dict] = None) -> None:
        self._context.__exit__(None, None, None)
