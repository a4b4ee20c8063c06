import functools
from types import FunctionType
from typing import Callable


def supersede(function: FunctionType, by: Callable) -> FunctionType:
    """Have a function do what another does, for those, too, who hold it.

    MMEditing's scripts say ``from mmedit.apis import ...`` at their top, and
    a config's ``custom_imports`` brings us only later: a new function in the
    module would not reach them.

    Args:
        function (FunctionType): Of a module, not a closure.
        by (Callable): Takes the same arguments.

    Returns:
        FunctionType: The function as it was.
    """
    upstream = FunctionType(function.__code__, function.__globals__,
                            function.__name__, function.__defaults__)
    function.__code__ = _call.__code__
    function.__defaults__ = None
    function.__kwdefaults__ = dict(_by=by)
    functools.update_wrapper(function, by, assigned=('__doc__', ))
    return upstream


def _call(*args, _by, **kwargs):
    return _by(*args, **kwargs)
