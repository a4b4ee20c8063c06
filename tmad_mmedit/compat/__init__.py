"""Repairs of faults upstream, one file a fault, each function named after its
fault, and each only where the fault is. Nothing but the package's ``__init__``
imports this."""
import mmedit
import torch
from mmengine.utils import digit_version

from .inference_builds_losses import inference_builds_perceptual_losses
from .inference_skips_preprocessor import inference_skips_the_preprocessor
from .init_model_device import init_model_wants_the_device_of_the_checkpoint
from .masked_tv_loss import masked_tv_loss_without_mask
from .model_names import mmedit_does_not_find_its_models
from .pytorch_launcher import pytorch_launcher_without_gpu
from .separate_wrapper_keys import separate_wrapper_saves_keys_it_does_not_load
from .weights_only import mmengines_own_checkpoints_are_refused

__all__ = ['repair']


def repair() -> None:
    """Apply every repair that the installed versions need."""
    pytorch_launcher_without_gpu()
    if digit_version(torch.__version__) >= digit_version('2.6'):
        mmengines_own_checkpoints_are_refused()
    separate_wrapper_saves_keys_it_does_not_load()
    if digit_version(mmedit.__version__) <= digit_version('1.0.0rc7'):
        inference_builds_perceptual_losses()
        inference_skips_the_preprocessor()
        init_model_wants_the_device_of_the_checkpoint()
        masked_tv_loss_without_mask()
        mmedit_does_not_find_its_models()
