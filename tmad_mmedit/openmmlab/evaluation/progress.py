import sys
from collections.abc import Iterable
from typing import Optional, TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar('T')


def tracked(items: Iterable[T], what: str, total: Optional[int] = None
            ) -> Iterable[T]:
    """The items, with a bar on standard error and an estimate of the time
    that is left; ``total`` is to be given where they have no length."""
    return track(items, what, total, console=Console(file=sys.stderr))
