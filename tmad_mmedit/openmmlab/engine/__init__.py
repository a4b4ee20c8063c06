from .autocast_hook import AutocastHook
from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .optim_wrapper_constructor import GroupedOptimWrapperConstructor

__all__ = [
    'AutocastHook', 'BFloat16OptimWrapper', 'GroupedOptimWrapperConstructor'
]
