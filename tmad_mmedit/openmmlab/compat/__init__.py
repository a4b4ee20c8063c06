"""Repairs of faults upstream, one file a fault, each function or hook named
after its fault, and each only for the versions that have it. Nothing but the
plug's ``__init__`` imports this.

What a hook of our own configs mends (``configs/_base_/default_runtime.py``)
touches no other model of the process. Of what is rebound here, that of the
host asks whether a model is ours; that of mmengine makes possible what raises
without it, and changes nothing that works.
"""
import functools
from importlib import import_module
from importlib.metadata import version

import mmengine
import torch
from mmengine.utils import digit_version

from ..host import HOST
from .checkpoints_in_place import CheckpointsAreWrittenInPlace
from .no_safetensors import mmengine_reads_no_safetensors
from .pytorch_launcher import pytorch_launcher_without_gpu
from .resume_prefers_load_from import ResumePrefersLoadFrom
from .separate_wrapper_keys import SeparateWrapperSavesKeysItDoesNotLoad
from .weights_only import mmengines_own_checkpoints_are_refused

__all__ = [
    'CheckpointsAreWrittenInPlace', 'ResumePrefersLoadFrom',
    'SeparateWrapperSavesKeysItDoesNotLoad', 'repair'
]

# the hosts' releases that have these faults
LAST_SEEN = dict(mmedit='1.0.0rc7', mmagic='1.2.0')


@functools.lru_cache(None)
def repair() -> None:
    """Apply every repair that the installed versions need, once."""
    if digit_version(mmengine.__version__) <= digit_version('0.10.7'):
        mmengine_reads_no_safetensors()
        if not torch.cuda.is_available():
            pytorch_launcher_without_gpu()
        if digit_version(torch.__version__) >= digit_version('2.6'):
            mmengines_own_checkpoints_are_refused()
    if digit_version(version(HOST)) <= digit_version(LAST_SEEN[HOST]):
        try:
            import_module(f'{HOST}.apis')
        except ImportError:  # without its extras: nobody calls it, then
            return
        from .init_model_device import (
            init_model_wants_the_device_of_the_checkpoint,
        )
        init_model_wants_the_device_of_the_checkpoint()
        if HOST == 'mmedit':
            from .inference_skips_preprocessor import (
                inference_skips_the_preprocessor,
            )
            from .model_names import mmedit_does_not_find_its_models
            inference_skips_the_preprocessor()
            mmedit_does_not_find_its_models()
        else:
            from .inferencer_models import (
                mmagic_infers_with_its_own_models_only,
            )
            mmagic_infers_with_its_own_models_only()
