from mmengine.registry import LOOPS

from ..host import TestLoop, ValLoop
from .autocast_hook import AutocastHook
from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .optim_wrapper_constructor import GroupedOptimWrapperConstructor

# our configs name no host
LOOPS.register_module(name='TMADValLoop', module=ValLoop)
LOOPS.register_module(name='TMADTestLoop', module=TestLoop)

__all__ = [
    'AutocastHook', 'BFloat16OptimWrapper', 'GroupedOptimWrapperConstructor'
]
