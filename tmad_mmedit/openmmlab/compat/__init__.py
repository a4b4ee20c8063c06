"""Repairs of faults upstream, one file a fault, each function or hook named
after its fault, and each only for the versions that have it. Nothing but the
package's ``__init__`` imports this.

What a hook of our own configs mends (``configs/_base_/default_runtime.py``)
touches no other model of the process; the rest is rebound here.
"""
import functools

import mmedit
import mmengine
import torch
from mmengine.utils import digit_version

from .checkpoints_in_place import CheckpointsAreWrittenInPlace
from .inference_builds_losses import inference_builds_perceptual_losses
from .inference_skips_preprocessor import inference_skips_the_preprocessor
from .init_model_device import init_model_wants_the_device_of_the_checkpoint
from .masked_tv_loss import masked_tv_loss_without_mask
from .model_names import mmedit_does_not_find_its_models
from .no_safetensors import mmengine_reads_no_safetensors
from .pytorch_launcher import pytorch_launcher_without_gpu
from .resume_prefers_load_from import ResumePrefersLoadFrom
from .separate_wrapper_keys import SeparateWrapperSavesKeysItDoesNotLoad
from .weights_only import mmengines_own_checkpoints_are_refused

__all__ = [
    'CheckpointsAreWrittenInPlace', 'ResumePrefersLoadFrom',
    'SeparateWrapperSavesKeysItDoesNotLoad', 'repair'
]


@functools.lru_cache(None)
def repair() -> None:
    """Apply every repair that the installed versions need, once."""
    if digit_version(mmengine.__version__) <= digit_version('0.10.7'):
        mmengine_reads_no_safetensors()
        if not torch.cuda.is_available():
            pytorch_launcher_without_gpu()
        if digit_version(torch.__version__) >= digit_version('2.6'):
            mmengines_own_checkpoints_are_refused()
    if digit_version(mmedit.__version__) <= digit_version('1.0.0rc7'):
        inference_builds_perceptual_losses()
        inference_skips_the_preprocessor()
        init_model_wants_the_device_of_the_checkpoint()
        masked_tv_loss_without_mask()
        mmedit_does_not_find_its_models()
