import functools
import sys
from typing import Callable


def rebind(function: Callable, to: Callable) -> Callable:
    """Hand out another function under a function's name, in every module that
    holds it.

    MMEditing's scripts say ``from mmedit.apis import ...`` at their top, and
    a config's ``custom_imports`` brings us only later: a new function in the
    module that defines it would not reach them.

    Args:
        function (Callable): Of a module.
        to (Callable): Takes the same arguments; it gets the name and module.

    Returns:
        Callable: The function, for who is to call it still.
    """
    name = function.__name__
    functools.update_wrapper(
        to, function, assigned=('__name__', '__qualname__', '__module__'))
    del to.__wrapped__  # its signature and docstring are its own
    for module in list(sys.modules.values()):
        if getattr(module, '__dict__', {}).get(name) is function:
            setattr(module, name, to)
    return function
